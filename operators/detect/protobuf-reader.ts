/** One field of a protobuf message: a number (varint), or the bytes of a string, a nested message or a packed list. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/**
 * The fields of a protobuf message in the order in which they stand (https://protobuf.dev/programming-guides/encoding/). Nested
 * messages come as views into `bytes`, nothing is copied. Throws a `RangeError` with a sentence when the bytes are no message.
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;

  function varint(): number {
    let value = 0;
    for (let scale = 1, count = 0; count < 10; scale *= 128, count++) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('it ends inside a number');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError('it holds a number of more than ten bytes');
  }

  function take(length: number): Uint8Array {
    if (at + length > bytes.length) throw new RangeError(`it ends ${at + length - bytes.length} bytes too early`);
    at += length;
    return bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number === 0) throw new RangeError('it holds a field with the number 0');
    if (wire === VARINT) yield { number, value: varint() };
    else if (wire === BYTES) yield { number, value: take(varint()) };
    else if (wire === FIXED_64) yield { number, value: take(8) };
    else if (wire === FIXED_32) yield { number, value: take(4) };
    else throw new RangeError(`it holds a field of the unknown kind ${wire}`);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** A field that must be a string. */
export function textOf({ number, value }: Field): string {
  try {
    return decoder.decode(bytesOf({ number, value }));
  } catch (error) {
    throw new RangeError(`field ${number} should be a text`, { cause: error });
  }
}

/** A field that must be bytes: a nested message. */
export function bytesOf({ number, value }: Field): Uint8Array {
  if (typeof value === 'number') throw new RangeError(`field ${number} should be bytes and is a number`);
  return value;
}

/** A field that must be a number. */
export function numberOf({ number, value }: Field): number {
  if (typeof value !== 'number') throw new RangeError(`field ${number} should be a number and is bytes`);
  return value;
}
