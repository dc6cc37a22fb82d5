import { describe, expect, it } from 'vitest';
import { MEASURED } from '../../../engine/plan/measured-costs.ts';
import { LOAD, planSite } from '../../../engine/plan/plan-site.ts';
import { readSource, type Workload } from '../../../engine/plan/workload.ts';

function workload(cameras: number, changes: Partial<Workload> = {}): Workload {
  return {
    cameras,
    framesPerSecond: cameras * 10,
    source: { width: 1280, height: 720, framesPerSecond: 25 },
    model: { width: 320, height: 192 },
    inferenceMs: MEASURED.inference.value,
    encoding: 'jpeg',
    replicas: 3,
    coresAMachine: 8,
    ...changes,
  };
}

const plan = (cameras: number, changes: Partial<Workload> = {}) => planSite(workload(cameras, changes));
const roleOf = (name: string, { roles }: ReturnType<typeof planSite>) => roles.find(({ role }) => role === name);

describe('a plan', () => {
  it('says that one machine is enough for ten cameras, and not for a hundred', () => {
    expect(plan(10).embedded.enough).toBe(true);
    expect(plan(100).embedded.enough).toBe(false);
  });

  it('names what is short: the cores of a small machine, the main thread of a large one', () => {
    expect(plan(20, { coresAMachine: 2 }).embedded.because).toBe('cores');
    expect(plan(200, { coresAMachine: 512 }).embedded.because).toBe('main thread');
  });

  it('gives detection the cores that its frames take, with a reserve', () => {
    const detect = roleOf('detect', plan(1000, { encoding: 'raw' }));
    const neededMs = 10_000 * (MEASURED.inference.value + MEASURED.receiveRaw.value + MEASURED.followed.value);
    expect((detect?.processes ?? 0) * (detect?.coresEach ?? 0)).toBeGreaterThanOrEqual(neededMs / 1000 / LOAD);
    expect(detect?.coresEach).toBeLessThanOrEqual(8);
  });

  it('gives two of each role at least, so that one may die', () => {
    expect(plan(1).roles.map(({ role, processes }) => [role, processes])).toEqual([
      ['connect', 2],
      ['detect', 2],
      ['analyse', 2],
      ['serve', 2],
    ]);
  });

  it.each([1, 100, 1000, 10_000])('has more partitions than processes share them, for %i cameras', (cameras) => {
    const { partitions, roles } = plan(cameras);
    const sharing = roles.filter(({ role }) => role === 'detect' || role === 'analyse').map(({ processes }) => processes);
    expect(partitions).toBeGreaterThan(Math.max(...sharing));
    expect(partitions).toBeLessThanOrEqual(1000);
  });

  it('counts the bytes of raw frames as three a pixel, and keeps every record three days on each replica', () => {
    const { kafka } = plan(10, { encoding: 'raw' });
    expect(kafka.frameBytes - 3 * 320 * 192).toBeLessThan(1000);
    expect(kafka.framesBytesPerSecond).toBe(100 * kafka.frameBytes);
    expect(kafka.recordsDiskBytes).toBe(3 * 3 * 86_400 * kafka.recordsBytesPerSecond);
    expect(kafka.writtenBytesPerSecond).toBe(3 * (kafka.framesBytesPerSecond + kafka.recordsBytesPerSecond));
  });

  it('lets Redis grow with the cameras and its commits with the partitions, never with the frames', () => {
    const [slow, fast] = [plan(100), plan(100, { framesPerSecond: 2000 })];
    expect(fast.redis.memoryBytes).toBe(slow.redis.memoryBytes);
    expect([slow, fast].map(({ redis, partitions }) => redis.commitsPerSecond / partitions)).toEqual([2, 2]);
    expect(plan(200).redis.memoryBytes).toBe(2 * slow.redis.memoryBytes);
  });

  it('decodes by what is sent: four times the pixels, four times the cores of connect', () => {
    const cores = (width: number, height: number) => {
      const connect = roleOf(
        'connect',
        plan(1000, { encoding: 'raw', framesPerSecond: 1, source: { width, height, framesPerSecond: 25 } }),
      );
      return (connect?.processes ?? 0) * (connect?.coresEach ?? 0);
    };
    expect(cores(1920, 1080) / cores(960, 540)).toBeCloseTo(4, 0);
  });
});

describe('what a camera sends', () => {
  it('is read from width, height and rate', () => {
    expect(readSource('1920x1080@12.5')).toEqual({ width: 1920, height: 1080, framesPerSecond: 12.5 });
  });

  it.each(['1920x1080', '1920@25', '0x1080@25', '1920x1080@0', 'hd'])('is not %s', (text) => {
    expect(readSource(text)).toBeUndefined();
  });
});
