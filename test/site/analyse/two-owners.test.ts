import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OcelliError } from '../../../engine/errors.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { KeyedTask } from '../../../engine/runtime/keyed/index.ts';
import type { Ownership, StateStore } from '../../../engine/state/index.ts';
import { sharedBroker } from '../../brokers/kafka/shared-broker.ts';
import { ReopenableState, type SuiteRedis, suiteRedis } from '../../brokers/redis-state.ts';
import { openKafkaLog, ownTopics } from '../../engine/log/kafka/open-kafka-log.ts';
import { numbering, seconds, tallying } from '../../engine/runtime/keyed/operators.ts';
import { ManualClock } from '../../manual-clock.ts';
import { detected, frame, mark } from '../../records.ts';
import { has } from '../../requirements.ts';
import { readAccount } from './account-of.ts';

const two = [detected(), detected()];
const other = { camera: 'dock-2' };
const batches: readonly RecordOf<'detections'>[][] = [
  [mark('up'), mark('up', 0, other), frame(1, two), frame(1, two, other)],
  [frame(2, two), frame(2, two, other)],
  [frame(3, two), frame(3, [], other)],
];

/** One process with a task of its own: its connections to Kafka and Redis, its clock. */
async function openProcess(settings: ReturnType<typeof ownTopics>, store: StateStore) {
  const [clock, log] = [new ManualClock(), await openKafkaLog(settings)];
  const operators = [numbering, seconds, tallying];
  const task = new KeyedTask({ name: 'analyse', input: 'detections', partition: 0, operators, log, store, clock });
  task.start();
  return {
    log,
    /** Has processed every input below `end`. */
    reaches: (end: number) => task.idle(end),
    save: async () => {
      clock.advance(500);
      await task.idle();
    },
    end: async () => {
      const end = await task.drain();
      await log.close();
      return end.state === 'failed' ? (end.error as OcelliError).code : end.state;
    },
  };
}

/** A store that saves whatever anybody brings. */
function withoutFence(store: StateStore): StateStore {
  const unfenced = async (task: string, ownership: Ownership): Promise<Ownership> => ({
    epoch: ownership.epoch,
    position: ownership.position,
    load: () => ownership.load(),
    commit: async (expected, ...saved) => {
      try {
        await ownership.commit(expected, ...saved);
      } catch (error) {
        if (!(error instanceof OcelliError && error.code === 'STATE_STALE_OWNER')) throw error;
        const stolen = await store.acquire(task);
        await stolen.commit(stolen.position, ...saved);
      }
    },
  });
  return {
    acquire: async (task) => unfenced(task, await store.acquire(task)),
    readTable: (table) => store.readTable(table),
  };
}

describe.skipIf(!has('kafka') || !has('redis'))('two owners of one task, of whom one does not know that it was replaced', () => {
  let broker: string;
  let redis: SuiteRedis;

  beforeAll(async () => {
    [broker, redis] = await Promise.all([sharedBroker(), suiteRedis()]);
  }, 60_000);
  afterAll(() => redis?.stop());

  /** The second takes over what the first has processed and not saved; then both go on, and both save. */
  async function run(owners: 1 | 2, fence: (store: StateStore) => StateStore = (store) => store) {
    const [settings, state] = [ownTopics(broker, { partitions: 1 }), await ReopenableState.open(redis.url)];
    const store = fence(state.state.store);
    const first = await openProcess(settings, store);
    let end = 0;
    const write = async (index: number) => {
      const records = batches[index] ?? [];
      await first.log.append('detections', 0, records);
      end += records.length;
    };
    await write(0);
    await first.reaches(end);
    await first.save();
    await write(1);
    await first.reaches(end);
    const second = owners === 2 ? await openProcess(settings, store) : first;
    await second.reaches(end);
    await write(2);
    await Promise.all([first.reaches(end), second.reaches(end)]);
    await second.save();
    const ends = [await first.end(), ...(owners === 2 ? [await second.end()] : [])];
    const log = await openKafkaLog(settings);
    const outcome = { tracks: await readAccount(log, 'tracks'), totals: await store.readTable('totals') };
    await log.close();
    await state.close();
    return { ends, ...outcome };
  }

  it('leave what one owner leaves, since the one that was replaced can save nothing', async () => {
    const [alone, both] = [await run(1), await run(2)];
    expect(alone.totals.get('dock-1')).toEqual({ objects: 6 });
    expect(both).toEqual({ ...alone, ends: ['STATE_STALE_OWNER', 'closed'] });
  });

  it('count twice without the fence', async () => {
    const both = await run(2, withoutFence);
    expect([both.ends, both.totals.get('dock-1')]).toEqual([['closed', 'closed'], { objects: 10 }]);
  });
});
