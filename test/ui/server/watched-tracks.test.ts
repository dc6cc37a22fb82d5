import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaLog } from '../../../engine/log/index.ts';
import { silentLogger } from '../../../engine/observe/logger.ts';
import { WatchedTracks } from '../../../ui/server/live/watched-tracks.ts';
import { sharedBroker } from '../../brokers/kafka/shared-broker.ts';
import { openKafkaLog, ownTopics } from '../../engine/log/kafka/open-kafka-log.ts';
import { ManualClock } from '../../manual-clock.ts';
import { tracked } from '../../records.ts';
import { has } from '../../requirements.ts';

const CAMERAS = ['dock-1', 'dock-2'];

describe.skipIf(!has('kafka'))('tracks of watched cameras', { timeout: 30_000 }, () => {
  const clock = new ManualClock();
  const came: string[] = [];
  const views: string[] = [];
  let log: KafkaLog;
  let feed: WatchedTracks;
  let seq = 0;

  beforeAll(async () => {
    log = await openKafkaLog(ownTopics(await sharedBroker()));
    await log.assign(CAMERAS);
    const watchViews = (camera: string) => {
      views.push(`begin ${camera}`);
      return () => views.push(`end ${camera}`);
    };
    feed = new WatchedTracks({ log, clock, logger: silentLogger, onRecord: ({ camera }) => came.push(camera), watchViews });
  }, 60_000);
  afterAll(async () => {
    await feed?.stop();
    await log?.close();
  });

  /** Both cameras go on, this one last, until a record of it has come. */
  async function until(camera: string): Promise<void> {
    for (came.length = 0; !came.includes(camera); seq += 1) {
      for (const each of [...CAMERAS.filter((other) => other !== camera), camera])
        await log.append('tracks', log.partitionOf(each), [tracked(seq, [], { camera: each })]);
    }
  }

  it('come from the partitions of these only, and so do their pictures', async () => {
    feed.watch(new Set(['dock-1']));
    await until('dock-1');
    expect(came).not.toContain('dock-2');
    expect(views).toEqual(['begin dock-1']);
  });

  it('still come when a watcher is back soon, and no more when he is not', async () => {
    feed.watch(new Set());
    clock.advance(9_000);
    feed.watch(new Set(['dock-1']));
    clock.advance(9_000);
    expect(views).toEqual(['begin dock-1']);
    feed.watch(new Set(['dock-2']));
    clock.advance(10_000);
    await until('dock-2');
    expect(came).not.toContain('dock-1');
    expect(views).toEqual(['begin dock-1', 'end dock-1', 'begin dock-2']);
  });

  it('come without pictures for who asks what records tell', async () => {
    feed.asked('dock-1');
    await until('dock-1');
    expect(views).toEqual(['begin dock-1', 'end dock-1', 'begin dock-2']);
  });
});
