/** A decoded picture: drawn like an image, and freed by `close`. */
export interface Decoded {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** WebCodecs takes the bytes as they are; the way over a Blob hands each picture to another process first. Only there in secure contexts. */
const HAS_DECODER = 'ImageDecoder' in window;

/** `undefined` for a picture that the browser cannot decode: it is not shown, and the age of the one before tells. */
export function decodeJpeg(jpeg: Uint8Array<ArrayBuffer>): Promise<Decoded | undefined> {
  return (HAS_DECODER ? withDecoder(jpeg) : withBlob(jpeg)).catch(() => undefined);
}

async function withDecoder(data: Uint8Array<ArrayBuffer>): Promise<Decoded> {
  const decoder = new ImageDecoder({ type: 'image/jpeg', data });
  try {
    const { image } = await decoder.decode();
    return { source: image, width: image.displayWidth, height: image.displayHeight, close: () => image.close() };
  } finally {
    decoder.close();
  }
}

async function withBlob(jpeg: Uint8Array<ArrayBuffer>): Promise<Decoded> {
  const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
  return { source: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() };
}
