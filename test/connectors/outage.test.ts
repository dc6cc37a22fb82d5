import { beforeEach, describe, expect, it } from 'vitest';
import { Outage } from '../../connectors/outage.ts';
import { ManualClock } from '../manual-clock.ts';

const REFUSED = { cause: 'refused', detail: '192.0.2.1:554 refuses connections' } as const;

describe('a camera that does not come', () => {
  let clock: ManualClock;
  let outage: Outage;
  let told: { sentence: string; facts: Readonly<Record<string, unknown>> }[];

  beforeEach(() => {
    clock = new ManualClock(Date.UTC(2026, 0, 1));
    told = [];
    outage = new Outage('dock', { clock, log: (level, sentence, facts) => void told.push({ sentence: `${level} ${sentence}`, facts }) });
  });

  const sentences = () => told.splice(0).map(({ sentence }) => sentence);

  /** A try every ten seconds. */
  function failFor(ms: number): void {
    for (let passed = 0; passed < ms; passed += 10_000) {
      clock.advance(10_000);
      outage.failed(REFUSED);
    }
  }

  it('is told at once, and then after 1, 2, 4 … minutes, with how often and how long', () => {
    outage.failed(REFUSED);
    expect(sentences()).toEqual(['warn Camera dock is down: 192.0.2.1:554 refuses connections']);
    failFor(8 * 60_000);
    expect(sentences()).toEqual(
      ['7 tries in 1 min', '13 tries in 2 min', '25 tries in 4 min', '49 tries in 8 min'].map(
        (words) => `warn Camera dock is still down after ${words}: 192.0.2.1:554 refuses connections`,
      ),
    );
  });

  it('is told every hour in the end', () => {
    outage.failed(REFUSED);
    failFor(24 * 60 * 60_000);
    // 1, 2, 4, 8, 16, 32, 64 minutes; then 124, 184 … 1384.
    expect(sentences()).toHaveLength(1 + 7 + 22);
  });

  it('is told since when, also to programs', () => {
    outage.failed(REFUSED);
    failFor(60_000);
    expect(told.at(-1)?.facts).toEqual({ camera: 'dock', cause: 'refused', tries: 7, since: '2026-01-01T00:00:00.000Z' });
  });

  it('is told again at once for another cause, and once for each', () => {
    outage.failed(REFUSED);
    outage.failed({ cause: 'authentication', detail: 'it wants a password' });
    outage.failed(REFUSED);
    expect(sentences()).toEqual([
      'warn Camera dock is down: 192.0.2.1:554 refuses connections',
      'warn Camera dock is still down after 2 tries in 0 s: it wants a password',
    ]);
  });

  it('is told when it is back, and the next time from the beginning', () => {
    outage.over();
    outage.failed(REFUSED);
    clock.advance(45_000);
    outage.over();
    outage.failed(REFUSED);
    expect(sentences()).toEqual([
      'warn Camera dock is down: 192.0.2.1:554 refuses connections',
      'info Camera dock is up again after 45 s',
      'warn Camera dock is down: 192.0.2.1:554 refuses connections',
    ]);
  });
});
