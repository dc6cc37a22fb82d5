import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from './free-ports.ts';
import { killWithUs } from './kill-with-us.ts';

/** Settings of redis.conf by name. */
export type RedisConfig = Readonly<Record<string, string>>;

const CONFIG: RedisConfig = { bind: '127.0.0.1', save: '', appendonly: 'yes', appendfsync: 'everysec' };
/** Between asking for a free port and taking it, somebody else may take it. */
const ATTEMPTS = 3;

/**
 * A real redis-server in a folder of its own, on a free port of the loopback address. It does not outlive us.
 */
export class RedisProcess {
  readonly folder: string;
  readonly port: number;
  private readonly config: RedisConfig;
  private child: ChildProcess;
  private guardian: ChildProcess;

  static async start(config: RedisConfig = {}): Promise<RedisProcess> {
    return RedisProcess.attempt((folder, port) => new RedisProcess(folder, port, config));
  }

  protected static async attempt<R extends RedisProcess>(make: (folder: string, port: number) => R): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      const [port = 0] = await freePorts(1);
      const server = make(mkdtempSync(join(tmpdir(), 'ocelli-redis-')), port);
      try {
        await server.isReady();
        return server;
      } catch (error) {
        await server.stop();
        if (attempt === ATTEMPTS || !String(error).includes('in use')) throw error;
      }
    }
  }

  protected constructor(folder: string, port: number, config: RedisConfig) {
    this.folder = folder;
    this.port = port;
    this.config = { ...CONFIG, ...config };
    this.child = this.spawn();
    this.guardian = killWithUs(this.child.pid, this.folder);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  /** `kill -9`; what it had not written is lost. */
  async kill(): Promise<void> {
    this.guardian.kill('SIGKILL');
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** It stands still: connections are taken by the system, and nothing is answered. */
  standStill(): void {
    this.child.kill('SIGSTOP');
  }

  goOn(): void {
    this.child.kill('SIGCONT');
  }

  /** Starts it again with the files that it left. */
  async startAgain(config: RedisConfig = {}): Promise<void> {
    this.child = this.spawn({ ...this.config, ...config });
    this.guardian = killWithUs(this.child.pid, this.folder);
    await this.isReady();
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private spawn(config = this.config): ChildProcess {
    const settings = Object.entries({ ...config, dir: this.folder }).flatMap(([name, value]) => [`--${name}`, value]);
    const ports = 'tls-cert-file' in config ? ['--port', '0', '--tls-port', String(this.port)] : ['--port', String(this.port)];
    // In a group of its own: a Ctrl+C for us leaves it to us.
    return spawn('redis-server', [...ports, ...settings], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  }

  private async isReady(): Promise<void> {
    const { child } = this;
    const said: string[] = [];
    if (child.stdout === null) throw new Error('redis-server has no output.');
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.includes('Ready to accept connections')) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`redis-server ended:\n${said.join('\n')}`);
  }
}
