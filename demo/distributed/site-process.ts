import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { killWithUs } from '../brokers/kill-with-us.ts';

/** A process that died is started again after so long, as a supervisor does. */
const PAUSE_MS = 3_000;

export interface SiteProcessOptions {
  /** Such as `detect-2`: also the name of the file that it writes into. */
  readonly name: string;
  readonly folder: string;
  /** Arguments of `ocelli`. */
  readonly args: readonly string[];
  /** Told of what happens to it, as a sentence. */
  readonly tell: (line: string) => void;
}

/**
 * One process of the site, which is started again when it ends before it was asked to.
 *
 *   starting ──"Ocelli is running"──▶ running ──ends──▶ pause ──▶ starting
 *   stop, from everywhere: SIGTERM, which drains, then gone
 */
export class SiteProcess {
  private readonly options: SiteProcessOptions;
  private child: ChildProcess | undefined;
  private stopped = false;
  private pause: NodeJS.Timeout | undefined;

  constructor(options: SiteProcessOptions) {
    this.options = options;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves with its address when it runs; rejects with what it said last when it ends before. */
  start(): Promise<string> {
    const { name, folder, args, tell } = this.options;
    // In a group of its own: Ctrl+C reaches this process alone, which ends them in order.
    const child = spawn(process.execPath, ['main.ts', ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const guardian = killWithUs(child.pid);
    this.child = child;
    const file = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    child.stderr?.pipe(file);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let last = '';
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      last = line;
      const [, url] = /"url":"([^"]+)","msg":"Ocelli is running"/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
    void once(child, 'close').then(([code, signal]) => {
      guardian.kill('SIGKILL');
      reject(new Error(`${name} ended before it ran: ${last}`));
      if (this.stopped) return;
      tell(`${name} ended (${signal ?? code}): started again in ${PAUSE_MS / 1000} s`);
      this.pause = setTimeout(() => this.startAgain(), PAUSE_MS);
    });
    return promise;
  }

  /** Lets it drain. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.pause);
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }

  private startAgain(): void {
    const { name, tell } = this.options;
    this.start().then(
      (url) => tell(`${name} runs again: process ${this.pid}, ${url}`),
      () => {}, // It was told with its end.
    );
  }
}
