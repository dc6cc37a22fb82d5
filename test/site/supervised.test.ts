import { beforeEach, expect, it } from 'vitest';
import { OcelliError } from '../../engine/errors.ts';
import { silentLogger } from '../../engine/observe/logger.ts';
import { Supervised, type Unit } from '../../site/supervised.ts';
import { ManualClock } from '../manual-clock.ts';

const AWAY = new OcelliError('LOG_UNAVAILABLE', 'Kafka is away.');
const REFUSED = new OcelliError('LOG_REFUSED', 'Kafka refuses us.');
const UNFORESEEN = new Error('what is this');

let clock: ManualClock;
let opened: { fail(error: unknown): void; drained: number }[];
let wentBack: number;
let openingFails: unknown;
let supervised: Supervised<Unit>;
let failure: unknown;

beforeEach(() => {
  clock = new ManualClock();
  [opened, wentBack, openingFails, failure] = [[], 0, undefined, undefined];
  supervised = new Supervised({
    open: async () => {
      if (openingFails !== undefined) throw openingFails;
      const { promise, reject } = Promise.withResolvers<never>();
      const unit = { fail: reject, drained: 0, done: promise, drain: async () => void unit.drained++ };
      opened.push(unit);
      return unit;
    },
    goBack: () => wentBack++,
    clock,
    logger: silentLogger,
    failure: 'It failed',
  });
  supervised.failed.catch((error: unknown) => {
    failure = error;
  });
});

const settle = () => new Promise(setImmediate);
async function pass(ms: number): Promise<void> {
  await settle();
  clock.advance(ms);
  await settle();
}

it('closes what failed, goes back, and begins anew after a wait that grows', async () => {
  supervised.start();
  await settle();
  for (const [failures, waitMs] of [500, 1_000, 2_000].entries()) {
    opened.at(-1)?.fail(AWAY);
    await pass(waitMs - 1);
    expect(opened).toHaveLength(failures + 1);
    await pass(1);
    expect(opened).toHaveLength(failures + 2);
  }
  expect(opened.map(({ drained }) => drained)).toEqual([1, 1, 1, 0]);
  expect(wentBack).toBe(3);
  expect(failure).toBeUndefined();
});

it('gives up at once where trying again does not heal', async () => {
  supervised.start();
  await settle();
  opened[0]?.fail(REFUSED);
  await pass(60_000);
  expect(failure).toBe(REFUSED);
  expect(opened).toHaveLength(1);
});

it('tries what nobody foresaw five times, and what passes for ever', async () => {
  openingFails = AWAY;
  supervised.start();
  for (let tries = 0; tries < 20; tries += 1) await pass(30_000);
  expect(failure).toBeUndefined();
  openingFails = UNFORESEEN;
  for (let tries = 0; tries < 5; tries += 1) await pass(30_000);
  expect(failure).toBeUndefined();
  await pass(30_000);
  expect(failure).toBe(UNFORESEEN);
});

it('opens nothing any more once it is drained', async () => {
  supervised.start();
  await settle();
  opened[0]?.fail(AWAY);
  await settle();
  await supervised.drain();
  await pass(60_000);
  expect(opened).toHaveLength(1);
});
