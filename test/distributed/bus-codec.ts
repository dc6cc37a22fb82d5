/**
 * Loaded into an embedded site before the command (`node --import`): its frames become JPEGs and pixels again on the way to detection, as
 * frames do that travel over Kafka. So a run in one process can be held against one in many.
 */
import { isMainThread } from 'node:worker_threads';
import { MemoryFrameBus } from '../../engine/frames/memory-frame-bus.ts';
import { decodePlanarJpeg, encodePlanarJpeg } from '../../engine/pictures/planar-jpeg.ts';

/** The variable of the environment that has quality, width and height, with blanks between. */
const [quality, width, height] = (process.env['OCELLI_TEST_CODEC'] ?? '').split(' ').map(Number);

if (isMainThread && quality !== undefined && width !== undefined && height !== undefined) {
  const source = MemoryFrameBus.prototype.source;
  MemoryFrameBus.prototype.source = function (this: MemoryFrameBus) {
    const plain = source.call(this);
    return {
      done: (item) => plain.done(item),
      take: async (...request) => {
        const items = await plain.take(...request);
        await Promise.all(items.map((item) => (item.type === 'frame' ? there(item.pixels, quality, { width, height }) : undefined)));
        return items;
      },
    };
  };
}

/** There and back, in place. */
async function there(pixels: ArrayBuffer, quality: number, size: { width: number; height: number }): Promise<void> {
  const planar = new Uint8Array(pixels);
  const jpeg = await encodePlanarJpeg({ ...size, pixels: planar }, quality, new Uint8Array(planar.length));
  await decodePlanarJpeg(jpeg, size, planar);
}
