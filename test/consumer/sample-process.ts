import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';

/** A sample, run as its page says. */
export class SampleProcess {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private readonly database: string;
  private output = '';
  private wake = () => {};

  constructor(command: readonly string[], cwd: string, database: string) {
    const [program = '', ...args] = command;
    this.database = database;
    this.child = spawn(program, args, { cwd, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (text) => this.hear(String(text)));
    this.child.on('error', (error) => this.hear(error.message));
    this.closed = once(this.child, 'close').finally(() => this.wake());
  }

  /** Resolves when a look into its database, after anything that it says, is what is waited for. */
  async until(holds: (database: DatabaseSync) => boolean): Promise<void> {
    while (!this.look(holds)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error(`The sample ended:\n${this.output}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    await this.closed;
  }

  private look(holds: (database: DatabaseSync) => boolean): boolean {
    if (!/taken/.test(this.output)) return false;
    const database = new DatabaseSync(this.database, { readOnly: true, timeout: 5_000 });
    try {
      return holds(database);
    } finally {
      database.close();
    }
  }

  private hear(text: string): void {
    this.output += text;
    this.wake();
  }
}
