import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it together. */
const ENOUGH_BYTES = 8 * 2 ** 20;

/**
 * Keeps V8's young generation small: left alone it grows to 64 MiB while a site starts, and stays there, full of garbage that waits. At
 * 8 MiB nothing takes more processor time, at 2 MiB the main thread a sixth more (`bench/README.md`). How large it may become can only be
 * said to a process before it starts; but V8 multiplies its size while it collects, and reads each time by how much.
 *
 *   starting, factor 1: stays at 2 MiB ──first collections heard of──▶ factor 2 ──large enough──▶ factor 1, for good
 */
export function keepYoungGenerationSmall(): void {
  const observer = new PerformanceObserver(() => {
    const isEnough = youngBytes() >= ENOUGH_BYTES;
    multiplyBy(isEnough ? 1 : 2);
    if (isEnough) observer.disconnect();
  });
  multiplyBy(1);
  observer.observe({ entryTypes: ['gc'] });
}

function multiplyBy(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
