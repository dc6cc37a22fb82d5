/** One box of an ISO base media file (ISO/IEC 14496-12, section 4.2): four letters and what is inside. */
export interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** The boxes that lie one after another in `bytes`. Throws where a box is longer than what holds it. */
export function* boxesIn(bytes: Buffer): Generator<Box> {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const { size, header } = boxSize(bytes, at);
    if (size < header || at + size > bytes.length) {
      throw new Error(
        `box "${type}" says that it is ${size} bytes long, but ${bytes.length - at} bytes are left: the file is cut off or not an MP4`,
      );
    }
    yield { type, body: bytes.subarray(at + header, at + size) };
    at += size;
  }
}

/** The first box reached by a path of types (`moov`, `trak`, …), or undefined. */
export function findBox(bytes: Buffer, ...path: readonly string[]): Buffer | undefined {
  const [type, ...rest] = path;
  if (type === undefined) return bytes;
  for (const box of boxesIn(bytes)) {
    if (box.type === type) return findBox(box.body, ...rest);
  }
  return undefined;
}

/** Like findBox, for boxes that a readable file must have. */
export function needBox(bytes: Buffer, ...path: readonly string[]): Buffer {
  const box = findBox(bytes, ...path);
  if (box === undefined) throw new Error(`box "${path.join('/')}" is missing`);
  return box;
}

/** Size 0 means "to the end", size 1 "the real size follows in 64 bits". */
function boxSize(bytes: Buffer, at: number): { size: number; header: number } {
  const size = bytes.readUInt32BE(at);
  if (size === 0) return { size: bytes.length - at, header: 8 };
  if (size === 1 && at + 16 <= bytes.length) return { size: Number(bytes.readBigUInt64BE(at + 8)), header: 16 };
  return { size, header: 8 };
}
