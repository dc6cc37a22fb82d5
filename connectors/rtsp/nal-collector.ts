import { type DepacketizerEvents, UNIT_LIMIT_BYTES } from './access-unit.ts';

/** What a NAL unit is, as far as pictures are to be put together. */
export interface NalMeaning {
  /** Part of the picture, parameters that it needs, something beside it, or nothing that a decoder needs. */
  readonly kind: 'picture' | 'parameters' | 'other' | 'useless';
  /** Decoding can begin with its picture. */
  readonly key?: boolean;
  /** Its part of the picture needs no other picture: decoding can begin here if parameters come along. */
  readonly intra?: boolean;
  /** No part of the picture stands before it. */
  readonly first?: boolean;
}

const START_CODE = Buffer.from([0, 0, 0, 1]);
/** Enough of a NAL unit to know what it is. */
const SAMPLE_BYTES = 64;
/** Parameter sets and messages that may wait for their picture. */
const PREFIX_LIMIT_BYTES = 256 * 1024;
/** The finest slicing that there is has some hundreds a picture. */
const NALS_LIMIT = 2048;
/** So often the marker must have come too early before it is not believed any more: a single one may be damage. */
const FALSE_MARKERS = 3;

/**
 * Collects the NAL units of a picture, until the marker, or until the time of the packets changes (RFC 6184 section 5.1, RFC 7798
 * section 4.1). What some cameras do otherwise:
 *
 * - The marker stands on parameter sets too: what has no picture in it waits for the picture.
 * - Parameter sets stand between the slices of a picture, where no decoder expects them: they go to the next one.
 * - The marker stands on every slice: seen a few times, it is not believed any more, which costs the time of one picture.
 */
export class NalCollector {
  private readonly meaningOf: (nal: Buffer) => NalMeaning;
  private readonly events: DepacketizerEvents;
  /** From the description. They stand before those of the first key frame, which therefore win. */
  private described: readonly Buffer[];
  private parts: Buffer[] = [];
  private nals: NalMeaning[] = [];
  private sizeBytes = 0;
  private hasPicture = false;
  /** Parameter sets that came behind a part of this picture. */
  private late: Buffer[] = [];
  /** Something is missing, which has been told … */
  private spoiled = false;
  /** … and it was of this picture. */
  private hasHole = false;
  private timestamp: number | undefined;
  private arrivedMs = 0;
  private endedTimestamp: number | undefined;
  private falseMarkers = 0;
  /** Where the NAL unit begins that came in part. */
  private fragment: { readonly part: number; readonly sizeBytes: number } | undefined;

  constructor(meaningOf: (nal: Buffer) => NalMeaning, described: readonly Buffer[], events: DepacketizerEvents) {
    this.meaningOf = meaningOf;
    this.described = described;
    this.events = events;
  }

  /** A packet of this RTP time has come. */
  at(timestamp: number, arrivedMs: number): void {
    if (timestamp === this.timestamp) return;
    if (this.timestamp !== undefined) this.end();
    this.timestamp = timestamp;
    this.arrivedMs = arrivedMs;
  }

  /** A whole NAL unit. */
  add(nal: Buffer): void {
    this.endFragment();
    if (nal.length === 0) return;
    const meaning = this.meaningOf(nal);
    if (meaning.kind === 'parameters' && this.hasPicture) this.keepForNext(nal);
    else if (this.take(meaning)) this.push(START_CODE, nal);
  }

  private keepForNext(set: Buffer): void {
    if (this.late.length < NALS_LIMIT) this.late.push(set);
  }

  /** The first part of a NAL unit, behind its head. */
  begin(head: Buffer, part: Buffer): void {
    this.endFragment();
    const fragment = { part: this.parts.length, sizeBytes: this.sizeBytes };
    if (!this.take(this.meaningOf(Buffer.concat([head, part.subarray(0, SAMPLE_BYTES)])))) return;
    this.fragment = fragment;
    this.push(START_CODE, head, part);
  }

  /** A further part. */
  continue(part: Buffer, isLast: boolean): void {
    if (this.fragment === undefined) this.miss();
    else this.push(part);
    if (isLast) this.fragment = undefined;
  }

  /** Packets are missing, or make no sense: a NAL unit in the making has a hole and is dropped. */
  spoil(): void {
    if (!this.spoiled) this.events.damaged();
    this.spoiled = true;
    if (this.fragment === undefined) return;
    this.parts.length = this.fragment.part;
    this.sizeBytes = this.fragment.sizeBytes;
    this.nals.pop();
    this.hasPicture = this.nals.some(({ kind }) => kind === 'picture');
    this.fragment = undefined;
    this.hasHole = true;
  }

  /** A part of a NAL unit whose beginning was lost. */
  private miss(): void {
    this.spoil();
    this.hasHole = true;
  }

  /** The last packet of the picture, as the camera says. */
  marker(): void {
    if (this.falseMarkers < FALSE_MARKERS) this.end();
  }

  /** @returns false when it is of no use. */
  private take(meaning: NalMeaning): boolean {
    if (meaning.kind === 'useless') return false;
    const begins = meaning.kind === 'picture' && !this.hasPicture;
    if (begins && meaning.first !== true && this.endedTimestamp === this.timestamp) this.falseMarkers += 1;
    if (begins) this.hasPicture = true;
    this.nals.push(meaning);
    return true;
  }

  private push(...parts: readonly Buffer[]): void {
    for (const part of parts) {
      this.parts.push(part);
      this.sizeBytes += part.length;
    }
    if (this.sizeBytes <= UNIT_LIMIT_BYTES && this.nals.length <= NALS_LIMIT) return;
    this.spoil();
    this.clear();
  }

  /** A NAL unit whose end never came. */
  private endFragment(): void {
    if (this.fragment !== undefined) this.spoil();
  }

  private end(): void {
    this.endFragment();
    if (this.hasPicture) this.emit();
    else if (this.hasHole || this.sizeBytes > PREFIX_LIMIT_BYTES) this.clear();
  }

  private emit(): void {
    const { timestamp, arrivedMs, isKey: key } = this;
    const described = key ? this.described.flatMap((set) => [START_CODE, set]) : [];
    if (key) this.described = [];
    const bytes = Buffer.concat([...described, ...this.parts]);
    this.endedTimestamp = timestamp;
    this.clear();
    for (const set of this.late.splice(0)) this.add(set);
    this.events.unit({ bytes, key, timestamp: timestamp as number, arrivedMs });
  }

  private get isKey(): boolean {
    if (this.nals.some(({ key }) => key)) return true;
    return this.nals.some(({ kind }) => kind === 'parameters') && this.nals.some(({ intra }) => intra);
  }

  private clear(): void {
    this.parts = [];
    this.nals = [];
    this.sizeBytes = 0;
    this.hasPicture = false;
    this.spoiled = false;
    this.hasHole = false;
    this.fragment = undefined;
    this.timestamp = undefined;
  }
}
