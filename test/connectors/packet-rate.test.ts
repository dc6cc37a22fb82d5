import { describe, expect, it } from 'vitest';
import { PacketRate } from '../../connectors/packet-rate.ts';

/** Seconds until the rate is called too fast, or `undefined`. */
function tooFastAfter(...parts: readonly (readonly [seconds: number, perSecond: number])[]): number | undefined {
  const rate = new PacketRate();
  let nowMs = 0;
  for (const [seconds, perSecond] of parts) {
    for (const end = nowMs + seconds * 1000; nowMs < end; nowMs += 1000 / perSecond)
      if (rate.packet(nowMs)) return Math.round(nowMs / 1000);
  }
  return undefined;
}

describe('the rate of packets', () => {
  it('is too fast when it is more than three times the usual for three seconds', () => {
    expect(tooFastAfter([20, 10], [20, 40])).toBe(23);
  });

  it('is not when it doubles', () => {
    expect(tooFastAfter([20, 10], [600, 20])).toBeUndefined();
  });

  it('is not in a short burst after a stall', () => {
    expect(tooFastAfter([20, 25], [1, 1], [1, 100], [20, 25])).toBeUndefined();
  });

  it('is not in a source that is fast from the beginning', () => {
    expect(tooFastAfter([60, 60])).toBeUndefined();
  });
});
