import { beforeEach, describe, expect, it } from 'vitest';
import { OcelliError } from '../../../engine/errors.ts';
import { LeaseKeeper, type Leases, LeaseTable, type Sessions } from '../../../engine/state/index.ts';
import { ManualClock } from '../../manual-clock.ts';

const TTL_MS = 15_000;
const CAMERA = 'dock-1';

/** The store has a clock of its own, which stands still unless it is moved: nothing of what a keeper does may rely on it. */
let store: ManualClock;
let clock: ManualClock;
let leases: Leases;
let others: Leases;
let lost: number;
let troubles: unknown[];
let lastTime: number | undefined;
/** Time that has passed without any timer having rung. */
let asleepMs: number;

beforeEach(() => {
  [store, clock] = [new ManualClock(), new ManualClock()];
  const table = new LeaseTable({ clock: store, sessions: {} as Sessions });
  [leases, others] = [table.of('here'), table.of('there')];
  [lost, troubles, lastTime, asleepMs] = [0, [], undefined, 0];
});

async function keep(from = leases): Promise<LeaseKeeper> {
  const keeper = await LeaseKeeper.acquire(from, CAMERA, {
    ttlMs: TTL_MS,
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic() + asleepMs,
      after: (delayMs, callback) => clock.after(delayMs, callback),
    },
    onLost: () => lost++,
    onTrouble: (error) => troubles.push(error),
    lastTime: () => lastTime,
  });
  if (keeper === undefined) throw new Error('Somebody else holds the lease.');
  return keeper;
}

/** Leases whose renewals are answered as the test says. */
function answering(renew: () => Promise<boolean>): Leases {
  const acquire = async (name: string, ttlMs: number) => {
    const lease = await leases.acquire(name, ttlMs);
    return lease && Object.assign(Object.create(lease), { renew });
  };
  return Object.assign(Object.create(leases), { acquire });
}

/** Both clocks move on, a second at a time, and what is rung comes to its end. */
async function pass(ms: number): Promise<void> {
  for (let step = 0; step < ms; step += 1_000) {
    store.advance(1_000);
    clock.advance(1_000);
    await new Promise(setImmediate);
  }
}

describe('a kept lease', () => {
  it('is none when somebody else has it', async () => {
    await others.acquire(CAMERA, TTL_MS);
    expect(await LeaseKeeper.acquire(leases, CAMERA, { ttlMs: TTL_MS, clock, onLost: () => {} })).toBeUndefined();
  });

  it('is renewed for as long as it is wanted, with the last time said', async () => {
    const keeper = await keep();
    lastTime = 42;
    await pass(10 * TTL_MS);
    expect([keeper.isHeld, lost]).toEqual([true, 0]);
    expect(await others.acquire(CAMERA, TTL_MS)).toBeUndefined();
    lastTime = 43;
    await keeper.release();
    expect((await others.acquire(CAMERA, TTL_MS))?.lastTime).toBe(43);
  });

  it('is lost at two thirds of its life without renewal, though nobody has taken it', async () => {
    const keeper = await keep(answering(() => Promise.reject(new OcelliError('STATE_UNAVAILABLE', 'away'))));
    await pass(9_000);
    expect([keeper.isHeld, lost]).toEqual([true, 0]);
    await pass(1_000);
    expect([keeper.isHeld, lost]).toEqual([false, 1]);
    expect(troubles.length).toBeGreaterThan(0);
    expect(await others.acquire(CAMERA, TTL_MS)).toBeUndefined();
    await pass(5_000);
    expect(await others.acquire(CAMERA, TTL_MS)).toMatchObject({ name: CAMERA });
    expect(await others.list([CAMERA])).toEqual(new Map([[CAMERA, 'there']]));
    expect(lost).toBe(1);
  });

  it('is counted from when a renewal was asked for, not from its answer', async () => {
    const answers = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
    let asked = 0;
    const keeper = await keep(answering(() => answers[asked++]?.promise ?? Promise.resolve(false)));
    await pass(9_000);
    answers[0]?.resolve(true);
    await new Promise(setImmediate);
    await pass(5_000);
    expect([keeper.isHeld, lost]).toEqual([true, 0]);
    await pass(1_000);
    expect([keeper.isHeld, lost, asked]).toEqual([false, 1, 2]);
  });

  it('is not held by a process that stood still, before any of its timers has run', async () => {
    const keeper = await keep();
    asleepMs = 10_000;
    expect([keeper.isHeld, lost]).toEqual([false, 0]);
  });

  it('is lost at once when somebody else has it', async () => {
    const keeper = await keep();
    store.advance(TTL_MS);
    await others.acquire(CAMERA, TTL_MS);
    await pass(5_000);
    expect([keeper.isHeld, lost]).toEqual([false, 1]);
  });

  it('leaves no timer behind, however it ends', async () => {
    await (await keep()).release();
    expect([clock.waiting, lost]).toEqual([0, 0]);
    await keep(answering(async () => false));
    await pass(5_000);
    expect([clock.waiting, lost]).toEqual([0, 1]);
  });
});
