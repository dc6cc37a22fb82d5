/**
 * Writes encoded pictures with their times as NUT, for ffmpeg to read from a pipe: it takes whole packets, so that nothing waits for the
 * beginning of the next one, as it would in a bare stream.
 *
 * Format: "NUT Open Container Format", https://git.ffmpeg.org/nut, version 3. One stream, times in microseconds. Each picture has a sync
 * point before it and a checksum of its head, which makes every one independent of those before it for some thirty bytes.
 */

const FILE_ID = 'nut/multimedia container\0';
const MAIN = [0x4e, 0x4d, 0x7a, 0x56, 0x1f, 0x5f, 0x04, 0xad];
const STREAM = [0x4e, 0x53, 0x11, 0x40, 0x5b, 0xf2, 0xf9, 0xdb];
const SYNC_POINT = [0x4e, 0x4b, 0xe4, 0xad, 0xee, 0xca, 0x45, 0x69];

const VERSION = 3;
const MAX_DISTANCE_BYTES = 65_536;
const TICKS_PER_SECOND = 1_000_000;
/** The sync point has the whole time, the frame only these lower bits of it: ffmpeg 4 reads no more than 32 bits of a frame's own time. */
const MSB_PTS_SHIFT = 7;
/** Bits of a frame's flags. */
const KEY = 1;
const CODED_PTS = 8;
const CODED_SIZE = 32;
const CHECKSUM = 64;
const CODED_FLAGS = 4096;
const VIDEO = 0;

/** What stands before the first picture. The size of the picture is in its codec's own headers: none is told here. */
export function nutHeader(fourcc: string): Buffer {
  return Buffer.concat([Buffer.from(FILE_ID, 'latin1'), packet(MAIN, mainHeader()), packet(STREAM, streamHeader(fourcc))]);
}

/** What stands before the bytes of a picture. `timeUs`: microseconds, whole, 0 or more. */
export function nutFrameHead(timeUs: number, key: boolean, sizeBytes: number): Buffer {
  const flags = (key ? KEY : 0) | CODED_PTS | CODED_SIZE | CHECKSUM;
  const head = [0, ...number(flags), ...number(timeUs % 2 ** MSB_PTS_SHIFT), ...number(sizeBytes)];
  return Buffer.concat([packet(SYNC_POINT, [...number(timeUs), ...number(0)]), Buffer.from([...head, ...bigEndian(crc(head))])]);
}

/** Section 4.1: one stream, one time base, and one way of writing frames, for all codes but the one that begins a packet. */
function mainHeader(): number[] {
  const timeBase = [...number(1), ...number(1), ...number(TICKS_PER_SECOND)];
  const [ptsDelta, sizeMul, stream, sizeLsb, reserved, count] = [0, 1, 0, 0, 0, 255];
  const fields = [ptsDelta, sizeMul, stream, sizeLsb, reserved, count].flatMap(number);
  const [elidedHeaders, mainFlags] = [0, 0];
  return [VERSION, 1, MAX_DISTANCE_BYTES]
    .flatMap(number)
    .concat(timeBase, number(CODED_FLAGS), number(6), fields, [elidedHeaders, mainFlags]);
}

/** Section 4.2. Nobody looks at the size of a pixel. */
function streamHeader(fourcc: string): number[] {
  const letters = [...Buffer.from(fourcc, 'latin1')];
  const [timeBase, decodeDelay, flags, extraBytes] = [0, 0, 0, 0];
  const [width, height, sampleWidth, sampleHeight, colorspace] = [1, 1, 0, 0, 0];
  const timing = [timeBase, MSB_PTS_SHIFT, TICKS_PER_SECOND, decodeDelay, flags, extraBytes].flatMap(number);
  const picture = [width, height, sampleWidth, sampleHeight, colorspace].flatMap(number);
  return [...number(0), ...number(VIDEO), ...number(letters.length), ...letters, ...timing, ...picture];
}

function packet(startCode: readonly number[], body: readonly number[]): Buffer {
  return Buffer.from([...startCode, ...number(body.length + 4), ...body, ...bigEndian(crc(body))]);
}

/** `v`: seven bits a byte, the highest first; the top bit says that more follow. */
function number(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 | (rest % 128));
  return bytes;
}

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** CRC-32 with the generator polynomial 0x04C11DB7, highest bit first, starting at 0. */
function crc(bytes: readonly number[]): number {
  let register = 0;
  for (const byte of bytes) {
    register ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) register = register & 0x8000_0000 ? (register << 1) ^ 0x04c1_1db7 : register << 1;
  }
  return register >>> 0;
}
