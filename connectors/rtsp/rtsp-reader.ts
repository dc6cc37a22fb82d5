import { type RtspAnswer, type RtspRequest, readRtspMessage } from './rtsp-message.ts';
import { RtspProblem } from './rtsp-problem.ts';

export interface RtspReaderEvents {
  message(message: RtspAnswer | RtspRequest): void;
  /** Binary data between the messages. The bytes stay as they are: they may be kept. */
  data(channel: number, bytes: Buffer): void;
}

const DOLLAR = 0x24;
const FRAME_HEAD_BYTES = 4;
const CR = 0x0d;
const LF = 0x0a;
const NOTHING = Buffer.alloc(0);

/**
 * Takes apart what a camera sends on its RTSP connection (RFC 2326, section 10.12), chunk by chunk:
 *
 *   between ──"$"──▶ frame: channel, length (16 bits), bytes ──▶ between
 *      └────letter──▶ message: head, empty line, body ─────────▶ between
 *
 * Data is handed on as parts of the chunk; only a frame that two chunks share is put together. Anything else that stands between is an
 * error: to search for the next "$" would be to take pixels for a frame.
 */
export class RtspReader {
  private readonly events: RtspReaderEvents;
  /** The beginning of an element whose end has not come. */
  private rest: Buffer = NOTHING;
  /** Of a message that is not complete, once it is known. */
  private messageBytes = Number.POSITIVE_INFINITY;

  constructor(events: RtspReaderEvents) {
    this.events = events;
  }

  /** @throws RtspProblem on what is neither a message nor a frame. */
  push(chunk: Buffer): void {
    let bytes = chunk;
    while (bytes.length > 0) {
      if (this.rest.length > 0) {
        const wanted = Math.min(bytes.length, this.missingBytes());
        const joined = Buffer.concat([this.rest, bytes.subarray(0, wanted)]);
        this.rest = NOTHING;
        const usedBytes = this.element(joined);
        this.rest = usedBytes === 0 ? joined : NOTHING;
        bytes = usedBytes === 0 ? bytes.subarray(wanted) : bytes.subarray(usedBytes - joined.length + wanted);
        continue;
      }
      const usedBytes = this.element(bytes);
      if (usedBytes === 0) this.rest = Buffer.from(bytes);
      bytes = usedBytes === 0 ? NOTHING : bytes.subarray(usedBytes);
    }
  }

  /** How many bytes more can be of use: what the element lacks; before the end of its head, nobody knows of a message. */
  private missingBytes(): number {
    const { rest } = this;
    if (rest[0] !== DOLLAR) return this.messageBytes - rest.length;
    return (rest.length < FRAME_HEAD_BYTES ? FRAME_HEAD_BYTES : FRAME_HEAD_BYTES + rest.readUInt16BE(2)) - rest.length;
  }

  /** Tells the element that `bytes` begin with. @returns its length; 0 when it is not complete. */
  private element(bytes: Buffer): number {
    const first = bytes[0] as number;
    if (first === DOLLAR) return this.frame(bytes);
    if (first === CR || first === LF) return 1; // Some cameras end a body with an empty line too many.
    if (!isLetter(first)) throw outOfStep(first);
    const isKnownToLack = this.messageBytes < Number.POSITIVE_INFINITY && bytes.length < this.messageBytes;
    return isKnownToLack ? 0 : this.message(bytes);
  }

  private message(bytes: Buffer): number {
    const read = readRtspMessage(bytes);
    const isWhole = read !== undefined && read.usedBytes <= bytes.length;
    this.messageBytes = isWhole || read === undefined ? Number.POSITIVE_INFINITY : read.usedBytes;
    if (!isWhole) return 0;
    this.events.message(read.message);
    return read.usedBytes;
  }

  private frame(bytes: Buffer): number {
    if (bytes.length < FRAME_HEAD_BYTES) return 0;
    const usedBytes = FRAME_HEAD_BYTES + bytes.readUInt16BE(2);
    if (bytes.length < usedBytes) return 0;
    this.events.data(bytes[1] as number, bytes.subarray(FRAME_HEAD_BYTES, usedBytes));
    return usedBytes;
  }
}

function isLetter(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function outOfStep(byte: number): RtspProblem {
  const what = `a byte 0x${byte.toString(16).padStart(2, '0')} where "$" or an RTSP message must begin`;
  return new RtspProblem('corrupt', `the connection is out of step: ${what}`);
}
