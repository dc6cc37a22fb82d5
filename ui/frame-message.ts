import type { FrameHeader } from './protocol.ts';

const LENGTH_BYTES = 4;

/**
 * One binary message: the length of the header in bytes (unsigned, 32 bit, big endian), the header as JSON in UTF-8, then the JPEG. Picture
 * and tracks of a frame travel together, so that a box never lies on another picture than its own.
 */
export function encodeFrameMessage(header: FrameHeader, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(LENGTH_BYTES + head.length + jpeg.length);
  new DataView(message.buffer).setUint32(0, head.length);
  message.set(head, LENGTH_BYTES);
  message.set(jpeg, LENGTH_BYTES + head.length);
  return message;
}

/** Takes a message apart; the JPEG is a view on its bytes. Throws RangeError or SyntaxError when it is none. */
export function decodeFrameMessage(message: ArrayBuffer): { readonly header: FrameHeader; readonly jpeg: Uint8Array<ArrayBuffer> } {
  const length = new DataView(message).getUint32(0);
  const head = new Uint8Array(message, LENGTH_BYTES, length);
  const header = JSON.parse(new TextDecoder().decode(head)) as FrameHeader;
  return { header, jpeg: new Uint8Array(message, LENGTH_BYTES + length) };
}
