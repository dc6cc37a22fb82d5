import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { killWithUs } from '../brokers/kill-with-us.ts';

/** A process that died is started again after so long, as a supervisor does. */
const PAUSE_MS = 3_000;
/** A site gives up draining after 10 s by itself. */
const DRAINS_WITHIN_MS = 15_000;
const RUNNING = /"url":"([^"]+)","msg":"Ocelli is running"/;
/** So often may it end before it runs: a broker that has just begun may not know yet who leads what. */
const ATTEMPTS = 3;

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
 *       └── ends: pause, starting, three times at most
 *   stop, from everywhere: SIGTERM, which drains, then gone
 */
export class SiteProcess {
  private readonly options: SiteProcessOptions;
  private child: ChildProcess | undefined;
  private stopped = false;
  private readonly stopping = Promise.withResolvers<void>();

  constructor(options: SiteProcessOptions) {
    this.options = options;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves with its address when it runs; rejects with what it said last when it ends before, again and again. */
  async start(): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt();
      } catch (error) {
        if (attempt === ATTEMPTS || this.stopped) throw error;
        this.options.tell(`${(error as Error).message} It is started again in ${PAUSE_MS / 1000} s`);
        await this.rest();
      }
    }
  }

  /** Lets it drain. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.resolve();
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const late = await Promise.race([exited.then(() => false), setTimeout(DRAINS_WITHIN_MS, true, { ref: false })]);
    if (!late) return;
    this.options.tell(`${this.options.name} did not end within ${DRAINS_WITHIN_MS / 1000} s of being asked to, and is killed`);
    child.kill('SIGKILL');
    await exited;
  }

  private attempt(): Promise<string> {
    const { name, folder, args } = this.options;
    // In a group of its own: Ctrl+C reaches this process alone, which ends them in order.
    const child = spawn(process.execPath, ['main.ts', ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const guardian = killWithUs(child.pid);
    this.child = child;
    child.stderr?.pipe(createWriteStream(join(folder, `${name}.log`), { flags: 'a' }));
    const running = Promise.withResolvers<string>();
    let [last, runs] = ['', false];
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      last = line;
      const [, url] = RUNNING.exec(line) ?? [];
      runs ||= url !== undefined;
      if (url !== undefined) running.resolve(url);
    });
    void once(child, 'close').then(([code, signal]) => {
      guardian.kill('SIGKILL');
      if (runs) void this.goOnWithout(signal ?? code);
      else running.reject(new Error(`${name} ended before it ran: ${last}`));
    });
    return running.promise;
  }

  /** It had run, and died. */
  private async goOnWithout(end: string | number): Promise<void> {
    const { name, tell } = this.options;
    if (this.stopped) return;
    tell(`${name} ended (${end}): started again in ${PAUSE_MS / 1000} s`);
    await this.rest();
    if (this.stopped) return;
    await this.start().then(
      (url) => tell(`${name} runs again: process ${this.pid}, ${url}`),
      (error: Error) => tell(`${error.message} It is not started again`),
    );
  }

  private async rest(): Promise<void> {
    await Promise.race([setTimeout(PAUSE_MS), this.stopping.promise]);
  }
}
