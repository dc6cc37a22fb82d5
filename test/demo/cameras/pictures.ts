import { readBarcode } from '../../../demo/cameras/barcode.ts';

/** Cuts a stream of gray pictures into pictures and gives the bar code of each; null where it cannot be read. */
export function onNumbers(stream: NodeJS.ReadableStream, width: number, height: number, take: (number: number | null) => void): void {
  const sizeBytes = width * height;
  let bytes: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (; bytes.length >= sizeBytes; bytes = bytes.subarray(sizeBytes)) {
      take(readBarcode({ pixels: bytes.subarray(0, sizeBytes), width, height, format: 'gray' }));
    }
  });
}
