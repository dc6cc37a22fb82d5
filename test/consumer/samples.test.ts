import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaLog } from '../../engine/log/kafka/kafka-log.ts';
import type { KafkaSettings } from '../../engine/log/kafka/kafka-settings.ts';
import type { TracksRecord } from '../../engine/records/record.ts';
import { createServer } from '../../ui/server/server.ts';
import { sharedBroker } from '../brokers/kafka/shared-broker.ts';
import { administer, openKafkaLog, ownTopics } from '../engine/log/kafka/open-kafka-log.ts';
import { has } from '../requirements.ts';
import { SAMPLE_PYTHON } from './sample-packages.ts';
import { SampleProcess } from './sample-process.ts';
import { sampleProject, typeErrors } from './sample-project.ts';
import { CAMERAS, cameraRecords, expectedMinutes } from './sample-records.ts';

const LIMIT_MS = 180_000;
const RECORDS = CAMERAS.map(cameraRecords);
const PYTHON_SAMPLES = resolve('samples/python');
/** The first run of each sample sees so many records of each camera. */
const BEFORE_THE_KILL = 500;

describe.skipIf(!has('kafka') || !has('consumers'))('a program that reads the topics', { timeout: LIMIT_MS }, () => {
  let settings: KafkaSettings;
  let log: KafkaLog;
  let server: FastifyInstance;
  let url: string;
  let project: string;
  const folder = mkdtempSync(join(tmpdir(), 'ocelli-consumer-'));
  const databases = { typescript: join(folder, 'ts.db'), kafka: join(folder, 'kafka.db'), http: join(folder, 'http.db') };

  async function write(from: number, to?: number): Promise<void> {
    for (const [index, camera] of CAMERAS.entries()) {
      const records = RECORDS[index]?.slice(from, to) as TracksRecord[];
      await log.append('tracks', log.partitionOf(camera), records);
    }
  }

  /** One of each sample. A group of its own finds no offsets: everything comes again. */
  function start(group: string): SampleProcess[] {
    const kafka = (name: string) => [settings.brokers[0] as string, databases[name as 'kafka'], `${settings.prefix}tracks`];
    const typescript = [process.execPath, 'minutes.ts', ...kafka('typescript'), `${settings.prefix}ts-${group}`];
    const python = [SAMPLE_PYTHON, 'from_kafka.py', ...kafka('kafka'), `${settings.prefix}py-${group}`];
    const http = [SAMPLE_PYTHON, 'from_http.py', url, databases.http];
    return [
      new SampleProcess(typescript, project, databases.typescript),
      new SampleProcess(python, PYTHON_SAMPLES, databases.kafka),
      new SampleProcess(http, PYTHON_SAMPLES, databases.http),
    ];
  }

  beforeAll(async () => {
    settings = ownTopics(await sharedBroker());
    log = await openKafkaLog(settings);
    await log.assign(CAMERAS);
    server = createServer({
      log,
      access: { host: '127.0.0.1' },
      metrics: async () => ({ text: '', type: 'text/plain' }),
      readiness: () => ({ ready: true, waiting: [] }),
    });
    url = await server.listen({ host: '127.0.0.1', port: 0 });
    project = sampleProject();
    await write(0, BEFORE_THE_KILL);
    await Promise.all(
      start('first').map(async (sample) => {
        await sample.until(hasTakenSome);
        await sample.end('SIGKILL');
      }),
    );
    await write(BEFORE_THE_KILL);
    await Promise.all(
      start('second').map(async (sample) => {
        await sample.until(hasTakenAll);
        await sample.end('SIGTERM');
      }),
    );
  }, LIMIT_MS);

  afterAll(async () => {
    await server?.close();
    await log?.close();
    rmSync(folder, { recursive: true, force: true });
    if (project !== undefined) rmSync(project, { recursive: true, force: true });
  });

  it.each(Object.entries(databases))('counts each frame once over kill -9 and a second reading of everything: %s', (_, file) => {
    const database = new DatabaseSync(file, { readOnly: true });
    const rows = database.prepare('SELECT * FROM minutes ORDER BY camera, minute').all();
    database.close();
    expect(rows.map((row) => ({ ...row }))).toEqual(expectedMinutes(RECORDS.flat()));
  });

  it.each(['ts-second', 'py-second'])('tells Kafka that all is taken: %s', async (group) => {
    const offsets = await administer(settings.brokers[0] as string, (admin) =>
      admin.fetchOffsets({ groupId: `${settings.prefix}${group}`, topics: [`${settings.prefix}tracks`] }),
    );
    const committed = offsets.flatMap(({ partitions }) => partitions).sort((a, b) => a.partition - b.partition);
    const ends = await Promise.all([0, 1].map(async (partition) => (await log.bounds('tracks', partition)).end));
    expect(committed.map(({ offset }) => Number(offset))).toEqual(ends);
  });

  it('passes the compiler, with the types of the package', () => {
    expect(typeErrors(project)).toBe('');
  });

  describe('with kcat, as the page of consumers has it', () => {
    const page = readFileSync('docs/consumers.md', 'utf8');
    const block = page.slice(page.indexOf('<!-- kcat -->'), page.indexOf('<!-- /kcat -->'));
    const [partitions, newest, all, since, verified] = [...block.matchAll(/^kcat .*/gm)].map(([line]) => line);
    const written = RECORDS.flat()
      .map((record) => JSON.stringify(record))
      .sort();

    const here = (line = '') =>
      line
        .replace('localhost:9092', settings.brokers[0] as string)
        .replace('ocelli.', settings.prefix)
        .replace('| ocelli', `| ${process.execPath} main.ts`);
    const run = (line: string | undefined) => execFileSync('sh', ['-c', here(line)], { encoding: 'utf8', maxBuffer: 2 ** 26 });

    it('shows the partitions', () => {
      expect(run(partitions)).toContain(`topic "${settings.prefix}tracks" with 2 partitions`);
    });

    it('follows the newest records', async () => {
      const child = spawn('sh', ['-c', `exec ${here(newest)}`], { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) if (lines.push(line) === 10) break;
      child.kill();
      await once(child, 'exit');
      expect(lines).toHaveLength(10);
      expect(lines.filter((line) => !written.includes(line))).toEqual([]);
    });

    it('prints all with camera, partition and offset', () => {
      const lines = run(all)
        .trim()
        .split('\n')
        .map((line) => /^(\S+) (\d+) (\d+) (.*)$/.exec(line) ?? []);
      expect(lines.map(([, , , , json]) => json).sort()).toEqual(written);
      const misplaced = lines.filter(([, camera = '', partition]) => log.partitionOf(camera) !== Number(partition));
      expect(misplaced).toEqual([]);
    });

    it('prints what was written since a moment', () => {
      expect(run(since).trim().split('\n').sort()).toEqual(written);
    });

    it('verifies an export, and finds the one hole of each camera', () => {
      const { status, stdout } = spawnSync('sh', ['-c', here(verified)], { encoding: 'utf8' });
      expect(status).toBe(1);
      expect(stdout.match(/nothing covers the places 1000…1019 of session 1/g)).toHaveLength(CAMERAS.length);
    });
  });
});

function hasTakenSome(database: DatabaseSync): boolean {
  return (database.prepare('SELECT count(*) AS cameras FROM progress').get()?.['cameras'] as number) > 0;
}

function hasTakenAll(database: DatabaseSync): boolean {
  const rows = database.prepare('SELECT session, seq FROM progress').all();
  return rows.length === CAMERAS.length && rows.every(({ session, seq }) => session === 2 && seq === 200);
}
