import type { Topic } from '../records/topic.ts';
import type { Position } from './log.ts';
import type { RecordRow } from './record-row.ts';
import { nextTurn } from './turns-apart.ts';

/** A commit takes whole appends until it holds so many records, or so many characters of JSON. */
const BATCH_RECORDS = 256;
const BATCH_CHARACTERS = 2 ** 20;

export interface Append {
  readonly topic: Topic;
  readonly rows: readonly RecordRow[];
  resolve(positions: readonly Position[]): void;
  reject(error: unknown): void;
}

/**
 * Gathers appends into commits (transactions, or batches to a broker): one begins when there is something to write and the last one is
 * done, so a lonely append does not wait, and the more comes the larger the commits are. What comes in one turn of the event loop shares a
 * commit.
 *
 *   idle ──append──▶ gathering ──end of the turn──▶ committing ──nothing waits──▶ idle
 *                        ▲                              │
 *                        └────────── more waits ────────┘
 */
export class GroupCommit {
  private readonly commit: (batch: readonly Append[]) => Promise<void>;
  private readonly turn: () => Promise<void>;
  private waiting: Append[] = [];
  private running: Promise<void> | undefined;

  /** `commit` settles every append of its batch and never throws. `turn`: when the next one may begin. */
  constructor(commit: (batch: readonly Append[]) => Promise<void>, turn: () => Promise<void> = nextTurn) {
    this.commit = commit;
    this.turn = turn;
  }

  add(append: Append): void {
    this.waiting.push(append);
    this.running ??= this.run();
  }

  /** Takes what waits for a topic back, to be refused. */
  withdraw(topic: Topic): readonly Append[] {
    const withdrawn = this.waiting.filter((append) => append.topic === topic);
    this.waiting = this.waiting.filter((append) => append.topic !== topic);
    return withdrawn;
  }

  /** Resolves when everything that was added is settled. */
  async flush(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      await this.turn();
      await this.commit(this.takeBatch());
    }
    this.running = undefined;
  }

  private takeBatch(): readonly Append[] {
    let [records, characters] = [0, 0];
    const beyond = this.waiting.findIndex(({ rows }) => {
      records += rows.length;
      for (const { body } of rows) characters += body.length;
      return records > BATCH_RECORDS || characters > BATCH_CHARACTERS;
    });
    return this.waiting.splice(0, beyond === -1 ? this.waiting.length : Math.max(1, beyond));
  }
}
