import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedBroker } from '../brokers/kafka/shared-broker.ts';
import { has } from '../requirements.ts';

const LIMIT_MS = 240_000;

/** Lines of both outputs, as they come. */
class Lines {
  readonly all: string[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.all.push(line);
        for (const wake of this.waiting) wake();
        this.waiting.clear();
      });
    }
  }

  /** Resolves with what the first line that matches has in its groups. */
  async match(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = this.all.map((line) => pattern.exec(line)).find((found) => found !== null);
      if (match) return match;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }
}

describe.skipIf(!has('kafka') || !has('redis'))('the distributed demo', () => {
  let child: ChildProcess;
  let lines: Lines;
  let pids: number[];

  beforeAll(async () => {
    const environment = { ...process.env, OCELLI_KAFKA: await sharedBroker(), NO_COLOR: '1' };
    child = spawn(process.execPath, ['demo/distributed/main.ts', '--port', '0'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    lines = new Lines(child);
    await Promise.race([lines.match(/^ {2}Stop/), once(child, 'close').then(() => expect.fail(lines.all.join('\n')))]);
    pids = lines.all.flatMap((line) =>
      [...line.matchAll(/^ {2}(?:connect|detect|analyse|serve)-\d +(\d+) /g)].map(([, pid]) => Number(pid)),
    );
  }, LIMIT_MS);
  afterAll(() => child.kill('SIGKILL'));

  it('runs two processes of each role, which find each other', async () => {
    const [, page = ''] = await lines.match(/Watch +(http:\/\/[\d.:]+)/);
    const { members } = (await (await fetch(`${page}/api/cluster`)).json()) as { members: { facts: { roles: string[] } }[] };
    expect(pids).toHaveLength(8);
    expect(members.flatMap(({ facts }) => facts.roles).sort()).toEqual(
      ['analyse', 'connect', 'detect', 'serve'].flatMap((role) => [role, role]),
    );
  });

  it('starts a process again that was killed', { timeout: LIMIT_MS }, async () => {
    const [, detect = ''] = await lines.match(/^ {2}detect-2 +(\d+) /);
    process.kill(Number(detect), 'SIGKILL');
    await lines.match(/^detect-2 ended \(SIGKILL\): started again/);
    const [, again = ''] = await lines.match(/^detect-2 runs again: process (\d+)/);
    expect(again).not.toBe(detect);
    pids.push(Number(again));
  });

  it('leaves nothing behind when it is asked to end', { timeout: LIMIT_MS }, async () => {
    const closed = once(child, 'close');
    child.kill('SIGINT');
    expect(await closed).toEqual([0, null]);
    expect(pids.filter(isThere)).toEqual([]);
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
