import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../engine/config/configuration.ts';
import { OcelliError } from '../../../engine/errors.ts';
import { silentLogger } from '../../../engine/observe/logger.ts';
import { LeaseTable, type Sessions } from '../../../engine/state/index.ts';
import { Member } from '../../../site/member.ts';
import { type MemberFacts, packFacts } from '../../../site/member-facts.ts';
import { refuseOtherKind } from '../../../site/refuse-other-kind.ts';
import { refuseUndistributed } from '../../../site/refuse-undistributed.ts';
import { ManualClock } from '../../manual-clock.ts';

const TTL_MS = 15_000;
const SQLITE = 'sqlite:data/ocelli.db';

function refusal(log: string, state: string, untilEnd = false): string {
  const configuration = configurationSchema({}, 'site/ocelli.yaml').parse({ log, state });
  const asked = { version: '1', file: 'site/ocelli.yaml', logger: silentLogger, untilEnd, roles: ['connect', 'detect'] as const };
  try {
    refuseUndistributed(configuration, asked);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a role', () => {
  it('is refused without Kafka and Redis, with the lines that are missing', () => {
    const both = refusal(SQLITE, SQLITE);
    expect(both).toContain('--role connect,detect needs a log and a state that other processes can reach. Put into site/ocelli.yaml');
    expect(both).toContain('\nlog: kafka://broker-1:9092\nstate: redis://redis-1:6379/0');
    expect(refusal('kafka://127.0.0.1:9', SQLITE)).not.toContain('log: ');
    expect(refusal(SQLITE, 'redis://127.0.0.1:9/0')).not.toContain('state: ');
    expect(refusal('kafka://127.0.0.1:9', 'redis://127.0.0.1:9/0')).toBe('');
  });

  it('is refused with --until-end', () => {
    expect(refusal('kafka://127.0.0.1:9', 'redis://127.0.0.1:9/0', true)).toBe(
      '--until-end belongs to a whole site in one process, which knows when everything is committed; leave it out with --role connect,detect.',
    );
  });
});

/** Somebody who is there already, and a newcomer; time passes for both. */
function two(roles: MemberFacts['roles'], where: Partial<Pick<MemberFacts, 'host' | 'pid'>> = {}) {
  const clock = new ManualClock();
  const table = new LeaseTable({ clock, sessions: {} as Sessions });
  const facts = { host: 'elsewhere', pid: 77, version: '1', roles, startedMs: 0, aheadMs: 0, settings: {}, ...where };
  const says = () => table.of('other').announce(packFacts({ ...facts, nowMs: clock.now() }), TTL_MS);
  const options = { clock, logger: silentLogger, version: '1', roles, settings: () => ({}) };
  const newcomer = new Member({ ...options, leases: (id) => table.of(id) });
  return { clock, says, newcomer };
}

/** Half a second after another, with what is due in each. */
async function pass(clock: ManualClock, ms: number, each: () => unknown = () => {}): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await each();
    clock.advance(500);
    await new Promise(setImmediate);
  }
}

describe('a whole site and members with roles', () => {
  it('refuse each other as soon as the one that is there says something new', async () => {
    for (const [there, kind, sentence] of [
      [['connect'], 'whole', 'Members with roles run on this log and state: process 77 on elsewhere (--role connect). Start this one with'],
      [['all'], 'roles', 'A whole site runs on this log and state already: process 77 on elsewhere. End it first'],
      [['all'], 'whole', 'A whole site runs on this log and state already'],
    ] as const) {
      const { clock, says, newcomer } = two([...there]);
      await says();
      const refused = refuseOtherKind(newcomer, kind, clock).catch((error: unknown) => error);
      await pass(clock, 1_000, says);
      expect(await refused).toMatchObject({ code: 'CLUSTER_TAKEN', message: expect.stringContaining(sentence) });
    }
  });

  it('let members with roles stand beside each other', async () => {
    const { clock, says, newcomer } = two(['detect']);
    await says();
    await refuseOtherKind(newcomer, 'roles', clock);
    expect(clock.waiting).toBe(0);
  });

  it('wait for who was killed until the last word of it is too old', async () => {
    const { clock, says, newcomer } = two(['all']);
    await says();
    let alone = false;
    const waiting = refuseOtherKind(newcomer, 'whole', clock).then(() => {
      alone = true;
    });
    await pass(clock, TTL_MS - 500);
    expect(alone).toBe(false);
    await pass(clock, 1_000);
    await waiting;
    expect(alone).toBe(true);
  });

  it('wait for a state store that is away', async () => {
    const { clock, newcomer } = two(['all']);
    const members = newcomer.members.bind(newcomer);
    let asked = 0;
    newcomer.members = async () => {
      asked += 1;
      if (asked < 3) throw new OcelliError('STATE_UNAVAILABLE', 'Redis cannot be reached.');
      return members();
    };
    const waiting = refuseOtherKind(newcomer, 'whole', clock);
    await pass(clock, 1_500);
    await waiting;
    expect(asked).toBe(3);
  });

  it('do not wait for who was killed on this machine: its process is not there any more, or is this one', async () => {
    const { clock, says, newcomer } = two(['all'], { host: hostname(), pid: process.pid });
    await says();
    await refuseOtherKind(newcomer, 'whole', clock);
    expect(clock.waiting).toBe(0);
  });
});
