import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openLogForReading } from '../../engine/log/index.ts';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import type { RecordOf, Topic } from '../../engine/records/topic.ts';

export interface SiteCamera {
  readonly id: string;
  readonly url: string;
  readonly fps?: number;
  readonly freshness?: number;
  readonly view?: number | false;
  readonly start?: string;
  readonly pace?: string;
}

/** A configuration in a folder of its own, and the real command in a process of its own. */
export class SiteFolder {
  readonly folder: string;
  readonly file: string;

  constructor(cameras: readonly SiteCamera[], settings: Readonly<Record<string, unknown>> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'ocelli-site-'));
    this.file = join(this.folder, 'ocelli.yaml');
    mkdirSync(join(this.folder, 'data'));
    this.configure(cameras, settings);
  }

  /** Writes the configuration file anew. */
  configure(cameras: readonly SiteCamera[], settings: Readonly<Record<string, unknown>> = {}): void {
    writeFileSync(this.file, stringify({ cameras, server: { port: 0 }, ...settings }));
  }

  run(...args: string[]): SiteProcess {
    return this.runIn({}, ...args);
  }

  /** As `run`, in other surroundings. */
  runIn(surroundings: Surroundings, ...args: string[]): SiteProcess {
    return new SiteProcess(['run', this.file, ...args], surroundings);
  }

  /** Where the site keeps its log. */
  get database(): string {
    return join(this.folder, 'data/ocelli.db');
  }

  /** Every committed record of a topic. */
  async records<T extends Topic>(topic: T, database = this.database): Promise<RecordOf<T>[]> {
    const log = openLogForReading(database);
    try {
      const stream = await streamTopic(log, topic, { from: 'beginning', follow: false, signal: new AbortController().signal });
      return await Array.fromAsync(stream);
    } finally {
      await log.close();
    }
  }
}

export interface Surroundings {
  readonly environment?: NodeJS.ProcessEnv;
  /** A command that starts the one that it is given, such as `prlimit --nofile=64`. */
  readonly wrapper?: readonly string[];
}

/** `ocelli …` as a user starts it. */
export class SiteProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  output = '';
  private readonly waiting = new Set<() => void>();

  constructor(args: readonly string[], { environment = {}, wrapper = [] }: Surroundings = {}) {
    const [command = '', ...words] = [...wrapper, process.execPath, 'bin/ocelli.js', ...args];
    this.child = spawn(command, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (text) => this.hear(String(text)));
    const end = () => this.child.kill('SIGKILL');
    process.once('exit', end); // A test that failed leaves nobody behind.
    this.exited = once(this.child, 'close').then(([code, signal]) => {
      process.off('exit', end);
      return { code, signal };
    });
  }

  /** Resolves with the server's address once the site runs. */
  async url(): Promise<string> {
    const [, url] = await this.says(/"url":"([^"]+)"/);
    return url as string;
  }

  /** As `says`, in what it says from now on. */
  saysNext(pattern: RegExp): Promise<RegExpExecArray> {
    return this.says(pattern, this.output.length);
  }

  /** Resolves when the output matches; rejects when the process ends before. */
  async says(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output.slice(from));
      if (match !== null) return match;
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`ended before it said ${pattern}:\n${this.output}`);
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
        void this.exited.then(() => resolve());
      });
    }
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await this.exited;
  }

  private hear(text: string): void {
    this.output += text;
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
