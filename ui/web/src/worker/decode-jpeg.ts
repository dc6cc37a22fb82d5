/**
 * Decodes off this thread. Not by WebCodecs: to draw its frames a worker of Chromium waits for the thread of the page where there is no
 * GPU, and then a page that is busy holds up every picture.
 *
 * @returns `undefined` for a picture that the browser cannot decode: it is not shown, and the age of the one before tells.
 */
export function decodeJpeg(jpeg: Uint8Array<ArrayBuffer>): Promise<ImageBitmap | undefined> {
  return createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => undefined);
}
