import { describe, expect, it } from 'vitest';
import { corrupter } from '../../../demo/cameras/corruption.ts';
import { NO_FAULTS, parseOrder, withOrder } from '../../../demo/cameras/faults.ts';

describe('an order', () => {
  it('is taken as it is meant', () => {
    expect(parseOrder({ freeze: true, speed: 2, disconnect: true, redirect: null })).toEqual({
      freeze: true,
      speed: 2,
      disconnect: 'close',
      redirect: null,
    });
    expect(parseOrder({ password: { scheme: 'digest', user: 'viewer', password: 'x' } })).toEqual({
      password: { scheme: 'digest', user: 'viewer', password: 'x', qop: false },
    });
    expect(parseOrder({ corrupt: { rate: 0.01 } })).toEqual({ corrupt: { rate: 0.01, seed: 1 } });
  });

  it.each([
    [[], /"the order" must be an object, got \[\]/],
    [{ freez: true }, /unknown order "freez", known are: freeze, refuse/],
    [{ freeze: 'yes' }, /"freeze" must be true or false, got "yes"/],
    [{ speed: 0 }, /"speed" must be a number from 0\.01 to 16, got 0/],
    [{ corrupt: { rate: 1.5 } }, /"corrupt\.rate" must be a number from 0 to 1, got 1\.5/],
    [{ corrupt: { rate: 0.5, sed: 1 } }, /unknown field "corrupt\.sed", known are: rate, seed/],
    [{ redirect: 'rtsp://a/\r\nX: y' }, /"redirect" must be a URL/],
    [{ disconnect: 'maybe' }, /"disconnect" must be true, "close" or "reset", got "maybe"/],
    [{ constructor: true }, /unknown order "constructor"/],
  ])('that is wrong is refused with field and reason: %j', (input, message) => {
    expect(() => parseOrder(input)).toThrow(message);
  });

  it('is refused without printing a password', () => {
    expect(() => parseOrder({ password: 'hunter2' })).toThrow(/"password" must be an object, got something else \(string\)/);
    expect(() => parseOrder({ password: { scheme: 'plain', user: 'u', password: 'hunter2' } })).not.toThrow(/hunter2/);
  });

  it('leaves standing what it does not name', () => {
    const faults = withOrder(withOrder(NO_FAULTS, { freeze: true }), { speed: 2, burstMs: 100 });
    expect(faults).toEqual({ ...NO_FAULTS, freeze: true, speed: 2 });
  });
});

describe('corruption', () => {
  const whole = Array.from({ length: 2000 }, (_, i) => Buffer.alloc(100, i));
  const damagedBy = (seed: number) => {
    const packets = whole.map((packet) => Buffer.from(packet));
    packets.forEach(corrupter({ rate: 0.1, seed }));
    return packets;
  };

  it('turns over one bit in the ordered share of packets', () => {
    const bits = damagedBy(7).map((packet, i) => differentBits(packet, whole[i]));
    const hit = bits.filter((count) => count > 0);
    expect(hit.every((count) => count === 1)).toBe(true);
    expect(hit.length).toBeGreaterThan(150);
    expect(hit.length).toBeLessThan(250);
  });

  it('spares the RTP header', () => {
    const headers = (packets: readonly Buffer[]) => packets.map((packet) => packet.subarray(0, 12));
    expect(headers(damagedBy(7))).toEqual(headers(whole));
  });

  it('damages the same packets for the same seed and others for another', () => {
    expect(damagedBy(7)).toEqual(damagedBy(7));
    expect(damagedBy(7)).not.toEqual(damagedBy(8));
  });
});

function differentBits(a: Buffer, b: Buffer): number {
  return a.reduce((sum, byte, i) => sum + (byte ^ b[i]).toString(2).replaceAll('0', '').length, 0);
}
