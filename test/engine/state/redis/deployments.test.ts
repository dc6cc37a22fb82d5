import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisSettings } from '../../../../engine/state/index.ts';
import { RedisServer } from '../../../brokers/redis-server.ts';
import { ReopenableState } from '../../../brokers/redis-state.ts';
import { has } from '../../../requirements.ts';
import { leasesSuite } from '../../../suites/leases.suite.ts';
import { sessionsSuite } from '../../../suites/sessions.suite.ts';
import { stateStoreSuite } from '../../../suites/state-store.suite.ts';
import { SteppedState } from './stepped-state.ts';

/** Everything that needs a command of its own, from an empty prefix on. */
async function useEverything(url: string, settings: Partial<RedisSettings> = {}): Promise<void> {
  const { state } = new SteppedState(url, settings);
  try {
    const owner = await state.store.acquire('tracks/0');
    const newest = { table: 'newest', row: 'dock-1', set: { people: 2 } } as const;
    await owner.commit(0, 7, new Map([['dock-1', Uint8Array.of(1)]]), [newest]);
    await owner.commit(7, 8, new Map([['dock-2', null]]), [{ table: 'newest', row: 'dock-2', remove: true }]);
    expect([...(await owner.load()).keys()]).toEqual(['dock-1']);
    expect(await state.store.readTable('newest')).toEqual(new Map([['dock-1', { people: 2 }]]));
    expect(await state.sessions.beginRecording('dock-1', 'sha-a')).toMatchObject({ session: 1 });
    const [here, there] = [state.leases('here'), state.leases('there')];
    const lease = await here.acquire('dock-2', 1_000);
    expect(await lease?.sessions.beginLive('dock-2', 5_000)).toBe(5);
    await lease?.release();
    await here.announce({ roles: 'connect' }, 1_000);
    expect([...(await there.members()).keys()]).toEqual(['here']);
    expect(await there.nowMs()).toBeGreaterThan(1_766_400_000_000);
    await here.leave();
  } finally {
    await state.close();
  }
}

/** The fenced block behind a marker of a page. */
function blockOf(page: string, marker: string): string {
  const [, block] = new RegExp(`<!-- ${marker}:begin -->\n\`\`\`\n([\\s\\S]*?)\n\`\`\``).exec(readFileSync(page, 'utf8')) ?? [];
  if (block === undefined) throw new Error(`There is no block ${marker} in ${page}.`);
  return block;
}

describe.skipIf(!has('redis'))('the user of docs/redis.md', () => {
  const PASSWORD = 'a:wk@ward/#%';
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
    const [, ...words] = blockOf('docs/redis.md', 'acl').replace('REDIS_PASSWORD', PASSWORD).replace('~ocelli:*', '~test-*').split(' ');
    await redis.admin.acl('SETUSER', ...(words.slice(1) as [string, ...string[]]));
  });
  afterAll(() => redis.stop());

  const url = () => `redis://ocelli:${encodeURIComponent(PASSWORD)}@127.0.0.1:${redis.port}/0`;
  const open = () => ReopenableState.open(url(), {}, redis.url);

  stateStoreSuite('Redis as this user', async () => {
    const reopenable = await open();
    return {
      get store() {
        return reopenable.state.store;
      },
      reopen: () => reopenable.reopen(),
      close: () => reopenable.close(),
    };
  });
  sessionsSuite('Redis as this user', async () => {
    const reopenable = await open();
    return {
      get sessions() {
        return reopenable.state.sessions;
      },
      reopen: () => reopenable.reopen(),
      close: () => reopenable.close(),
    };
  });
  leasesSuite('Redis as this user', async () => {
    const reopenable = await open();
    return {
      here: reopenable.state.leases('here'),
      there: reopenable.state.leases('there'),
      pass: (ms) => reopenable.pass(ms),
      close: () => reopenable.close(),
    };
  });

  it('has no command too many: without any one of them something is refused', async () => {
    const commands = blockOf('docs/redis.md', 'acl')
      .split(' ')
      .filter((word) => word.startsWith('+'));
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands) {
      await redis.admin.script('FLUSH');
      await redis.admin.acl('SETUSER', 'ocelli', command.replace('+', '-'));
      await expect(useEverything(`${url().slice(0, -1)}1`), command).rejects.toMatchObject({ code: 'STATE_REFUSED' });
      await redis.admin.acl('SETUSER', 'ocelli', command);
    }
    await useEverything(url());
  });

  it('may not touch what is not under its prefix; the sentence names user and page, and no password', async () => {
    const { state } = new SteppedState(url(), { prefix: `foreign-${randomUUID()}:` });
    const refused = await state.store.acquire('tracks/0').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'STATE_REFUSED', message: expect.stringContaining('allows this user too little (NOPERM') });
    expect(String((refused as Error).message)).not.toMatch(/wk/);
    expect(String((refused as Error).message)).toContain('see docs/redis.md');
    await state.close();
  });
});

describe.skipIf(!has('redis'))('a Redis with TLS', () => {
  let redis: RedisServer;
  let ca: string;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ocelli-tls-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...how, '-keyout', key, '-out', certificate, ...subject], { stdio: 'ignore' });
    ca = readFileSync(certificate, 'utf8');
    redis = await RedisServer.start({
      'tls-cert-file': certificate,
      'tls-key-file': key,
      'tls-ca-cert-file': certificate,
      'tls-auth-clients': 'no',
    });
    rmSync(folder, { recursive: true });
  });
  afterAll(() => redis.stop());

  it('is used when it proves itself by the given certificates', async () => {
    await useEverything(`rediss://localhost:${redis.port}/0`, { ca });
  });

  it.each([
    ['without them', () => ({ host: 'localhost', settings: {} })],
    ['under another name', () => ({ host: '127.0.0.1', settings: { ca } })],
  ])('is refused %s', async (_name, given) => {
    const { host, settings } = given();
    await expect(useEverything(`rediss://${host}:${redis.port}/0`, settings)).rejects.toMatchObject({
      code: 'STATE_REFUSED',
      fate: 'stop',
      message: expect.stringMatching(/^Redis at rediss:\/\/\S+ cannot be trusted: .+; set its ca, see docs\/redis.md\.$/),
    });
  });
});

describe.skipIf(!has('redis'))('a Redis Cluster', () => {
  const SLOTS = 16_384;
  const servers: RedisServer[] = [];

  beforeAll(async () => {
    const config = { 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf', 'cluster-announce-ip': '127.0.0.1' };
    servers.push(...(await Promise.all([RedisServer.start(config), RedisServer.start(config)])));
    const [first, second] = servers as [RedisServer, RedisServer];
    await first.admin.cluster('ADDSLOTSRANGE', 0, SLOTS / 2 - 1);
    await second.admin.cluster('ADDSLOTSRANGE', SLOTS / 2, SLOTS - 1);
    await first.admin.cluster('MEET', '127.0.0.1', second.port);
    await Promise.all(servers.map(isComplete));
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  /** Nodes tell each other what they have; there is no event for it. */
  async function isComplete({ admin }: RedisServer): Promise<void> {
    for (;;) {
      const info = String(await admin.cluster('INFO'));
      if (info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`)) return;
      await new Promise(setImmediate);
    }
  }

  it('takes everything, whichever slots it falls into', async () => {
    const state = new SteppedState(servers[0]?.url ?? '', { cluster: true });
    const tasks = Array.from({ length: 8 }, (_, partition) => `analyse/${partition}`);
    for (const task of tasks) {
      const owner = await state.state.store.acquire(task);
      await owner.commit(0, 1, new Map([['dock-1', Uint8Array.of(1)]]), [{ table: 'newest', row: task, set: { people: 1 } }]);
    }
    expect([...(await state.state.store.readTable('newest')).keys()]).toEqual(tasks);
    const kept = await Promise.all(servers.map(({ admin }) => admin.dbsize()));
    expect(Math.min(...kept)).toBeGreaterThan(0);
    await state.state.close();
    await useEverything(servers[1]?.url ?? '', { cluster: true });
  });

  it('is refused with the sentence where nobody said that it is one', async () => {
    await expect(useEverything(servers[0]?.url ?? '')).rejects.toMatchObject({
      code: 'STATE_REFUSED',
      message: `Redis at ${servers[0]?.url} is a Redis Cluster; set cluster: true in \`state:\`.`,
    });
  });
});

describe.skipIf(!has('redis'))('the redis-server of the tests', () => {
  it('does not outlive a test run that is killed', async () => {
    const script = `import { RedisServer } from './test/brokers/redis-server.ts';
      console.log((await RedisServer.start()).port);`;
    const run = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(createInterface({ input: run.stdout }), 'line')) as [string];
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    const gone = once(socket, 'close');
    run.kill('SIGKILL');
    await gone;
  });
});
