import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrokerProcess } from '../../demo/brokers/kafka/broker-process.ts';
import { readConfiguration } from '../../engine/config/read-configuration.ts';
import { OcelliError } from '../../engine/errors.ts';
import type { LogReader } from '../../engine/log/index.ts';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import { checkAccount } from '../../engine/records/account.ts';
import type { Progress } from '../../engine/records/place-rule.ts';
import { openForReading } from '../../site/open-log.ts';
import { OPERATORS } from '../../site/operator-settings.ts';
import { openKafkaLog, ownTopics } from '../engine/log/kafka/open-kafka-log.ts';
import { frame } from '../records.ts';
import { has } from '../requirements.ts';
import { untilRecords } from './followed-records.ts';
import { SiteFolder } from './site-process.ts';
import { testClip } from './test-clips.ts';

const LIMIT_MS = 180_000;
const MODEL = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');
const frames = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => frame(from + index));

async function lines(log: LogReader, topic: 'detections' | 'tracks'): Promise<string[]> {
  const stream = await streamTopic(log, topic, { from: 'beginning', follow: false, signal: new AbortController().signal });
  const records = await Array.fromAsync(stream);
  const inOrder = records.sort((a, b) => a.camera.localeCompare(b.camera));
  expect(checkAccount(inOrder, { topic, placeRule: true }).breaches).toEqual([]);
  return inOrder.map((record) => JSON.stringify({ ...record, timing: undefined }));
}

/** One broker, killed once, while a site and a writer of its own are at work. */
describe.skipIf(!has('kafka') || process.env['OCELLI_TEST_KAFKA'] !== undefined)(
  'over kill -9 of the broker',
  { timeout: LIMIT_MS },
  () => {
    let broker: BrokerProcess;
    let embedded: SiteFolder;
    let overKafka: LogReader;
    let whileAway: PromiseSettledResult<unknown>[];
    let seqs: number[];
    let output: string;

    beforeAll(async () => {
      const url = `file:${testClip('testsrc2', 6)}`;
      const cameras = ['line-a', 'line-b'].map((id) => ({
        id,
        url,
        start: '2026-01-01T00:00:00Z',
        pace: 'real-time',
        view: false as const,
      }));
      embedded = new SiteFolder(cameras, { model: MODEL });
      const alone = embedded.run('--until-end').exited;
      broker = await BrokerProcess.start();
      await alone;
      const log = { url: `kafka://${broker.addresses.plain}`, partitions: 2 };
      const site = new SiteFolder(cameras, { model: MODEL, log });
      const running = site.run('--until-end');
      await running.url();
      const configuration = readConfiguration(site.file, { operators: OPERATORS });
      overKafka = await openForReading(configuration.log, site.file);
      const own = await openKafkaLog(ownTopics(broker.addresses.plain, { partitions: 1 }), { answerWithinMs: 2_000 });
      await own.append('detections', 0, frames(0, 20));
      await untilRecords(running, 'detections', 20);
      await broker.kill();
      whileAway = await Promise.allSettled([
        own.append('detections', 0, frames(20, 25)),
        own.read('detections', 0, { from: 20, limit: 1 }),
        running.says(/The log is away/),
      ]);
      await broker.restart();
      own.resume('detections', 0);
      const reached = await progressOnceItAnswers(own);
      await own.append('detections', 0, frames((reached.get('dock-1')?.seq ?? -1) + 1, 30));
      const { entries } = await own.read('detections', 0, { from: 0, limit: 1_000 });
      seqs = entries.map(({ record }) => ('seq' in record ? record.seq : -1));
      await own.close();
      expect(await running.exited, running.output).toMatchObject({ code: 0 });
      output = running.output;
    }, LIMIT_MS);

    afterAll(async () => {
      await overKafka?.close();
      await broker?.stop();
    });

    it('is LOG_UNAVAILABLE, to be tried again, while the broker is away', () => {
      for (const outcome of whileAway.slice(0, 2)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'LOG_UNAVAILABLE', fate: 'retry' } });
      }
      expect(output).toContain('The log is back');
    });

    it('loses and doubles nothing of a writer that goes on from what is committed', () => {
      expect(seqs).toEqual(frames(0, 30).map(({ seq }) => seq));
    });

    it.each(['detections', 'tracks'] as const)('gives the %s of the embedded run, byte for byte', async (topic) => {
      const expected = (await embedded.records(topic)).sort((a, b) => a.camera.localeCompare(b.camera));
      const found = await lines(overKafka, topic);
      expect(found.length).toBeGreaterThan(100);
      expect(found).toEqual(expected.map((record) => JSON.stringify({ ...record, timing: undefined })));
    });
  },
);

/** Each question is tried again by the log itself for a while. */
async function progressOnceItAnswers(log: LogReader): Promise<ReadonlyMap<string, Progress>> {
  for (;;) {
    try {
      return await log.progress('detections', 0);
    } catch (error) {
      if (!(error instanceof OcelliError) || error.code !== 'LOG_UNAVAILABLE') throw error;
    }
  }
}
