import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OcelliError } from '../../../engine/errors.ts';
import { silentLogger } from '../../../engine/observe/logger.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { LeaseTable, SqliteSessions } from '../../../engine/state/index.ts';
import { Member } from '../../../site/member.ts';
import { ManualClock } from '../../manual-clock.ts';

let folder: string;
let database: Database;
let clock: ManualClock;
/** The store's clock: moves with the other, and may be set apart from it. */
let storeClock: ManualClock;
let table: LeaseTable;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ocelli-member-'));
  database = new Database(join(folder, 'ocelli.db'));
  [clock, storeClock] = [new ManualClock(), new ManualClock()];
  table = new LeaseTable({ clock: storeClock, sessions: new SqliteSessions(database) });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function member(roles: ConstructorParameters<typeof Member>[0]['roles'] = ['detect']): Member {
  const settings = () => ({ cameras: 'c1' });
  return new Member({ leases: (id) => table.of(id), clock, logger: silentLogger, version: '1.2.3', roles, settings });
}

/** Both clocks move on, half a second at a time, and what is rung comes to its end. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    storeClock.advance(500);
    clock.advance(500);
    await new Promise(setImmediate);
  }
}

describe('a member', () => {
  it('says who it is, what it does, and where its server answers', async () => {
    const [here, there] = [member(['connect', 'detect']), member()];
    here.announce(() => ({ detect: { workers: 2, framesPerSecond: 9.5, partitions: [0, 3], lag: { 0: 4 } } }));
    await here.join('http://127.0.0.1:9000');
    const [[id, facts] = []] = await there.members();
    expect(id).toBe(here.id);
    expect(facts).toMatchObject({
      v: 1,
      pid: process.pid,
      version: '1.2.3',
      roles: ['connect', 'detect'],
      startedMs: clock.now(),
      settings: { cameras: 'c1' },
      url: 'http://127.0.0.1:9000',
      detect: { workers: 2, framesPerSecond: 9.5, partitions: [0, 3], lag: { 0: 4 } },
    });
  });

  it('stays as long as it says so, and says what has become of it', async () => {
    const here = member();
    let fps = 1;
    here.announce(() => ({ detect: { workers: 1, framesPerSecond: fps, partitions: [], lag: {} } }));
    await here.join();
    fps = 2;
    await pass(60_000);
    expect((await here.members()).get(here.id)?.detect?.framesPerSecond).toBe(2);
  });

  it('joins when the store is away, and is there once it is back', async () => {
    const here = member();
    const { announce } = here.leases;
    here.leases.announce = async () => {
      throw new OcelliError('STATE_UNAVAILABLE', 'Redis cannot be reached.');
    };
    await here.join();
    expect(await here.members()).toEqual(new Map());
    here.leases.announce = announce;
    await pass(2_500);
    expect([...(await here.members()).keys()]).toEqual([here.id]);
  });

  it('is gone at once when it leaves, and says nothing more', async () => {
    const here = member();
    await here.join();
    await here.leave();
    await pass(10_000);
    expect(await here.members()).toEqual(new Map());
    expect(clock.waiting).toBe(0);
  });

  it('is gone 8 s after its last word, before its cameras are free', async () => {
    const [here, there] = [member(), member()];
    await here.join();
    storeClock.advance(7_999);
    expect([...(await there.members()).keys()]).toEqual([here.id]);
    storeClock.advance(1);
    expect([...(await there.members()).keys()]).toEqual([]);
  });

  it('says how far its clock is ahead of the one that all have in common', async () => {
    const here = member();
    clock.set(storeClock.now() + 7_000);
    await here.join();
    expect((await here.members()).get(here.id)?.aheadMs).toBe(7_000);
  });

  it('is there for readers of another version, who cannot read what it says', async () => {
    const here = member();
    await table.of('newer').announce({ facts: JSON.stringify({ v: 2, roles: ['dream'] }) }, 15_000);
    await table.of('other').announce({ facts: 'no JSON' }, 15_000);
    expect(await here.members()).toEqual(
      new Map([
        ['newer', undefined],
        ['other', undefined],
      ]),
    );
  });
});
