import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KafkaSettings } from '../../../../../engine/log/kafka/kafka-settings.ts';
import { sharedBroker } from '../../../../brokers/kafka/shared-broker.ts';
import { ManualClock } from '../../../../manual-clock.ts';
import { has } from '../../../../requirements.ts';
import { openKafkaLog, ownTopics } from '../open-kafka-log.ts';
import { Peer } from './peer.ts';

describe.skipIf(!has('kafka'))('members of a consumer group', { timeout: 30_000 }, () => {
  let broker: string;
  let settings: KafkaSettings;
  const peers: Peer[] = [];

  beforeAll(async () => {
    broker = await sharedBroker();
  }, 60_000);
  beforeEach(async () => {
    settings = ownTopics(broker, { partitions: 4 });
    await (await openKafkaLog(settings)).close();
  });
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.member.leave()));
  });

  async function join(clock?: ManualClock): Promise<Peer> {
    const peer = await Peer.join({ settings, partitions: 4 }, clock);
    peers.push(peer);
    return peer;
  }

  it('share the partitions, and take over at once from one that leaves', async () => {
    const first = await join();
    await first.notes('has 0,1,2,3');
    const second = await join();
    await second.notes('begin 3');
    expect([first.partitions, second.partitions]).toEqual([
      [0, 2],
      [1, 3],
    ]);
    const before = second.clock.monotonic();
    await first.member.leave();
    await second.notes('has 0,1,2,3');
    expect(second.clock.monotonic() - before).toBeLessThan(1_500);
    expect(second.events.filter((event) => event.startsWith('end'))).toEqual([]);
  });

  it('begin on a partition only when the work of its former owner is finished', async () => {
    const first = await join();
    await first.notes('has 0,1,2,3');
    const finish = Promise.withResolvers<void>();
    first.finish = finish.promise;
    const second = await join();
    await second.notes('has ');
    expect(second.partitions).toEqual([]);
    finish.resolve();
    await first.notes('end 3');
    await second.notes('begin 3');
    expect(first.partitions).toEqual([0, 2]);
  });

  it('take over from one that stood still, which holds nothing from the moment that it goes on, and joins anew', async () => {
    const clock = new ManualClock();
    const still = await join(clock);
    await still.notes('has 0,1,2,3');
    const [tenure] = still.tenures.values();
    expect([tenure?.holds(), tenure?.lost.aborted]).toEqual([true, false]);
    const other = await join();
    await other.notes('has 0,1,2,3');
    clock.advance(1_600);
    expect([tenure?.holds(), tenure?.lost.aborted, still.partitions]).toEqual([false, true, []]);
    expect(still.events.filter((event) => event.startsWith('end'))).toEqual([]);
    await still.notes('has ');
    await other.notes('end 3');
    expect(other.partitions).toEqual([0, 2]);
  });
});
