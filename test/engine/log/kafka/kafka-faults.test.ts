import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { BrokerAddresses } from '../../../../demo/brokers/kafka/broker-process.ts';
import { USER } from '../../../../demo/brokers/kafka/template.ts';
import type { KafkaLog } from '../../../../engine/log/kafka/kafka-log.ts';
import type { KafkaSettings } from '../../../../engine/log/kafka/kafka-settings.ts';
import { Secret } from '../../../../engine/secret.ts';
import { startOldBroker } from '../../../brokers/kafka/old-broker.ts';
import { ownBroker } from '../../../brokers/kafka/shared-broker.ts';
import { TcpProxy } from '../../../brokers/tcp-proxy.ts';
import { frame } from '../../../records.ts';
import { has } from '../../../requirements.ts';
import { Peer } from './group/peer.ts';
import { administer, openKafkaLog, ownTopics, setTopic } from './open-kafka-log.ts';

const LIMIT_MS = 120_000;
const frames = (from: number, count: number) => Array.from({ length: count }, (_, index) => frame(from + index));
const seqs = async (log: KafkaLog) => {
  const { start, end } = await log.bounds('detections', 0);
  const seen: number[] = [];
  for (let from = start; from < end; ) {
    const { entries, next } = await log.read('detections', 0, { from, limit: 500 });
    seen.push(...entries.map(({ record }) => ('seq' in record ? record.seq : -1)));
    from = next;
  }
  return seen;
};

describe.skipIf(!has('kafka') || process.env['OCELLI_TEST_KAFKA'] !== undefined)('Kafka', { timeout: LIMIT_MS }, () => {
  let broker: BrokerAddresses;
  beforeAll(async () => {
    broker = await ownBroker();
  }, LIMIT_MS);

  const opened = async (settings: Partial<KafkaSettings> = {}, options = {}): Promise<KafkaLog> => {
    const log = await openKafkaLog(ownTopics(broker.plain, { partitions: 1, ...settings }), options);
    onTestFinished(() => log.close());
    return log;
  };
  const refusal = (settings: Partial<KafkaSettings>) =>
    openKafkaLog(ownTopics(broker.plain, settings), { answerWithinMs: 1_500 }).then(
      () => expect.fail('it was opened'),
      (error: unknown) => error as Error & { code: string; context: Record<string, unknown> },
    );
  const user = { name: USER.name, password: new Secret(USER.password) };

  describe('over connections that break', () => {
    let proxy: TcpProxy;
    let log: KafkaLog;
    beforeAll(async () => {
      proxy = await TcpProxy.before(broker.behindProxy.listens, broker.behindProxy.advertised);
    });
    afterAll(() => proxy.close());

    it('writes a record once whose acknowledgement was lost', async () => {
      log = await opened({ brokers: [broker.behindProxy.advertised] });
      await log.append('detections', 0, frames(0, 3));
      const lost = proxy.lose('answer', '"seq":3,');
      expect(await log.append('detections', 0, frames(3, 2))).toEqual([3, 4]);
      await lost;
      await log.append('detections', 0, frames(5, 1));
      expect(await seqs(log)).toEqual([0, 1, 2, 3, 4, 5]);
    });

    it('writes each record once when they break again and again', async () => {
      log = await opened({ brokers: [broker.behindProxy.advertised] });
      const appended: Promise<unknown>[] = [];
      for (let seq = 0; seq < 60; seq += 1) {
        if (seq % 15 === 7) proxy.reset();
        appended.push(log.append('detections', 0, frames(seq, 1)));
        await new Promise(setImmediate);
      }
      await Promise.all(appended);
      expect(await seqs(log)).toEqual(frames(0, 60).map(({ seq }) => seq));
    });

    it('leaves a member of a group its partitions, and goes on with them', async () => {
      const settings = ownTopics(broker.behindProxy.advertised);
      await (await openKafkaLog(settings)).close();
      const peer = await Peer.join({ settings, partitions: 2 });
      onTestFinished(() => peer.member.leave());
      await peer.notes('has 0,1');
      peer.events.length = 0;
      await proxy.lose('answer', `${settings.prefix}test`);
      await peer.notes('has 0,1');
      expect(peer.events.filter((event) => /^(begin|end|lost)/.test(event))).toEqual([]);
    });
  });

  it('lets a user in by SCRAM-SHA-512, and over TLS by PLAIN', async () => {
    const scram = await opened({ brokers: [broker.sasl], user: { ...user, mechanism: 'scram-sha-512' } });
    expect(await scram.append('detections', 0, frames(0, 1))).toEqual([0]);
    const tls = await opened({ brokers: [broker.tls], user: { ...user, mechanism: 'plain' }, tls: { ca: broker.caFile } });
    expect(await tls.append('detections', 0, frames(0, 1))).toEqual([0]);
  });

  it.each<[string, () => Partial<KafkaSettings>, string, RegExp]>([
    [
      'a wrong password',
      () => ({ brokers: [broker.sasl], user: { name: 'ocelli', password: new Secret('s3cret'), mechanism: 'scram-sha-512' } }),
      'LOG_REFUSED',
      /refused the user/,
    ],
    [
      'a certificate that nobody vouches for',
      () => ({ brokers: [broker.tls], user: { ...user, mechanism: 'plain' }, tls: {} }),
      'LOG_REFUSED',
      /certificate/,
    ],
    ['TLS where there is none', () => ({ tls: {} }), 'LOG_UNAVAILABLE', /does not speak TLS/],
    ['no user where one is asked for', () => ({ brokers: [broker.sasl] }), 'LOG_UNAVAILABLE', /expects TLS or a user/],
    ['nobody there', () => ({ brokers: ['127.0.0.1:9'] }), 'LOG_UNAVAILABLE', /ECONNREFUSED/],
    ['more replicas than brokers', () => ({ replicas: 3 }), 'CONFIG_INVALID', /fewer brokers than `replicas`/],
  ])('is refused with its sentence: %s', async (_name, settings, code, sentence) => {
    const error = await refusal(settings());
    expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.stringMatching(sentence) });
    expect(error.message).not.toContain('s3cret');
  });

  it('is refused when it is of a time before Kafka 2.1', async () => {
    const old = await startOldBroker();
    onTestFinished(() => old.close());
    expect(await refusal({ brokers: [old.address] })).toMatchObject({ code: 'LOG_BROKER_UNSUPPORTED' });
  });

  it('names what differs in topics that are there, and refuses what would lose records', async () => {
    const settings = ownTopics(broker.plain, { partitions: 2 });
    await (await openKafkaLog(settings)).close();
    expect(await refusal({ ...settings, partitions: 3 })).toMatchObject({
      code: 'LOG_TOPIC_DIFFERS',
      context: { setting: 'partitions', expected: 3, found: 2 },
    });
    await setTopic(broker.plain, `${settings.prefix}alerts`, 'message.timestamp.type', 'LogAppendTime');
    const log = await openKafkaLog(settings);
    onTestFinished(() => log.close());
    expect(log.differences).toContain(`Topic ${settings.prefix}alerts has max.message.bytes=1048588; expected 4194304.`);
    await setTopic(broker.plain, `${settings.prefix}progress`, 'retention.ms', '1000');
    expect(await refusal(settings)).toMatchObject({
      code: 'LOG_TOPIC_DIFFERS',
      context: { topic: `${settings.prefix}progress`, setting: 'cleanup.policy', expected: 'compact', found: 'delete' },
    });
  });

  it('refuses an append that no batch can hold, and says how large it may be', async () => {
    const log = await opened();
    const many = frame(
      0,
      Array.from({ length: 90_000 }, () => ({
        label: 'parcel',
        score: 0.5,
        box: [0.1, 0.1, 0.1, 0.1] as [number, number, number, number],
      })),
    );
    await expect(log.append('detections', 0, [many])).rejects.toMatchObject({ code: 'LOG_TOO_LARGE', context: { limit: 4 * 2 ** 20 } });
  });

  it('bounds what waits to be written, and goes on when that is written', async () => {
    const log = await opened({}, { bufferBytes: 2_000 });
    const outcomes = await Promise.allSettled([0, 1, 2, 3].map((seq) => log.append('detections', 0, frames(seq * 3, 3))));
    expect(outcomes[0]?.status).toBe('fulfilled');
    expect(outcomes.slice(1)).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ code: 'LOG_UNAVAILABLE' }) });
    log.resume('detections', 0);
    const written = await seqs(log);
    await log.append('detections', 0, frames(written.length, 3));
    expect(await seqs(log)).toEqual(frames(0, written.length + 3).map(({ seq }) => seq));
  });

  it('tells a reader that another process wrote', async () => {
    const settings = ownTopics(broker.plain, { partitions: 1 });
    const [writer, reader] = [await openKafkaLog(settings), await openKafkaLog(settings)];
    onTestFinished(async () => void (await Promise.all([writer.close(), reader.close()])));
    expect(await seqs(reader)).toEqual([]);
    const told = new Promise<void>((resolve) => reader.onCommit('detections', 0, resolve));
    await writer.append('detections', 0, frames(0, 3));
    await told;
    expect(await seqs(reader)).toEqual([0, 1, 2]);
    expect((await reader.progress('detections', 0)).get('dock-1')).toMatchObject({ seq: 2 });
  });

  it('keeps how far cameras reach after a crash, from what no checkpoint has seen', async () => {
    const settings = ownTopics(broker.plain, { partitions: 1 });
    const crashed = await openKafkaLog(settings);
    onTestFinished(() => crashed.close());
    await crashed.append('detections', 0, frames(0, 7));
    const next = await openKafkaLog(settings);
    onTestFinished(() => next.close());
    expect((await next.progress('detections', 0)).get('dock-1')).toMatchObject({ seq: 6 });
  });

  it('tells a reader that retention has overtaken it', async () => {
    const settings = ownTopics(broker.plain, { partitions: 1 });
    const log = await openKafkaLog(settings);
    onTestFinished(() => log.close());
    await log.append('detections', 0, frames(0, 9));
    const reader = await openKafkaLog(settings);
    onTestFinished(() => reader.close());
    await administer(broker.plain, async (admin) => {
      const topic = `${settings.prefix}detections`;
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5' }] });
    });
    await expect(reader.read('detections', 0, { from: 3, limit: 9 })).rejects.toMatchObject({
      code: 'LOG_POSITION_LOST',
      context: { start: 5, end: 9 },
    });
    expect(await seqs(reader)).toEqual([5, 6, 7, 8]);
  });

  it('says that a topic was deleted, and refuses a progress that is of another log', async () => {
    const settings = ownTopics(broker.plain, { partitions: 1 });
    const topic = `${settings.prefix}detections`;
    const log = await openKafkaLog(settings, { answerWithinMs: 1_500 });
    await log.append('detections', 0, frames(0, 2));
    await log.close();
    const again = await openKafkaLog(settings, { answerWithinMs: 1_500 });
    onTestFinished(() => again.close());
    await administer(broker.plain, (admin) => admin.deleteTopics({ topics: [topic] }));
    await expect(again.append('detections', 0, frames(2, 1))).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
    const anew = await openKafkaLog(settings);
    onTestFinished(() => anew.close());
    await expect(anew.progress('detections', 0)).rejects.toMatchObject({ code: 'LOG_POSITION_LOST' });
  });

  it.skipIf(spawnSync('kcat', ['-V']).status !== 0)('is read by an independent client, as the guide says', async () => {
    const settings = ownTopics(broker.plain, { partitions: 1 });
    const log = await openKafkaLog(settings);
    onTestFinished(() => log.close());
    await log.append('detections', 0, frames(0, 3));
    const [, command = ''] = /```sh\n(kcat .*)\n```/.exec(readFileSync('docs/kafka.md', 'utf8')) ?? [];
    const ours = command.replace('broker-1:9092', broker.plain).replace('ocelli.', settings.prefix);
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', ours]);
    expect(stderr).toBe('');
    expect(stdout).toBe(
      frames(0, 3)
        .map((record, offset) => `dock-1 0 ${offset} ${JSON.stringify(record)}\n`)
        .join(''),
    );
  });
});
