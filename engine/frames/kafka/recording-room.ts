import { comparePlaces, type Place } from '../../records/place.ts';

/** Frames of one recording that wait in this process, with their pixels. */
const MOST_UNSENT = 16;
/** What of one recording may lie in Kafka and in the memory of a detect process, waiting. */
const MOST_AHEAD_BYTES = 32 * 2 ** 20;

/**
 * How far a recording may run ahead: so many frames in this process, so many that are not looked at yet.
 *
 *   put ──▶ unsent ──in Kafka──▶ ahead ──its record, or one behind it, is in `detections`──▶ forgotten
 */
export class RecordingRoom {
  private readonly aheadFrames: number;
  private unsent = 0;
  private ahead: Place[] = [];
  private frameBytes = 0;
  private over = false;
  private waiting: (() => void)[] = [];

  constructor(aheadFrames: number) {
    this.aheadFrames = aheadFrames;
  }

  get isFull(): boolean {
    return this.unsent >= MOST_UNSENT || this.ahead.length >= Math.min(this.aheadFrames, this.mostInBytes);
  }

  get closed(): boolean {
    return this.over;
  }

  /** True while there is something that `answered` could take away. */
  get waitsForAnswers(): boolean {
    return this.ahead.length > 0;
  }

  put(place: Place): void {
    this.unsent += 1;
    this.ahead.push(place);
  }

  /** @param bytes as it lies in Kafka */
  sent(bytes: number): void {
    this.unsent = Math.max(0, this.unsent - 1); // 0 already: what a former connector of the camera had put.
    this.frameBytes = Math.max(this.frameBytes, bytes);
    this.letIn();
  }

  /** Everything up to this place has its record. */
  answered(upTo: Place): void {
    const open = this.ahead.findIndex((place) => comparePlaces(place, upTo) > 0);
    this.ahead = open === -1 ? [] : this.ahead.slice(open);
    this.letIn();
  }

  /** Resolves when another frame may be put. */
  async room(): Promise<void> {
    while (this.isFull && !this.over) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.over = true;
    this.letIn();
  }

  private get mostInBytes(): number {
    return Math.max(1, Math.floor(MOST_AHEAD_BYTES / Math.max(1, this.frameBytes)));
  }

  private letIn(): void {
    if (this.isFull && !this.over) return;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
