import type { AnyRecord, Topic } from '../records/topic.ts';
import { type CommitPace, EVERY_TURN } from './commit-pace.ts';
import type { Position } from './log.ts';
import type { RecordRow } from './record-row.ts';

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
 *   idle ──append──▶ gathering ──its turn has come──▶ committing ──nothing waits──▶ idle
 *                        ▲                              │
 *                        └────────── more waits ────────┘
 */
export class GroupCommit {
  private readonly commit: (batch: readonly Append[]) => Promise<void>;
  private readonly pace: CommitPace;
  private waiting: Append[] = [];
  private running: Promise<void> | undefined;

  /** `commit` settles every append of its batch and never throws. */
  constructor(commit: (batch: readonly Append[]) => Promise<void>, pace: CommitPace = EVERY_TURN) {
    this.commit = commit;
    this.pace = pace;
  }

  add(append: Append): void {
    this.waiting.push(append);
    if (isUrgent(append) || this.isFull()) this.pace.hurry();
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
      await this.pace.turn(() => this.isFull() || this.waiting.some(isUrgent));
      await this.commit(this.takeBatch());
    }
    this.running = undefined;
  }

  private isFull(): boolean {
    return this.waiting.length >= BATCH_RECORDS;
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

function isUrgent({ rows }: Append): boolean {
  return rows.some(({ record }) => !isRecorded(record));
}

function isRecorded(record: AnyRecord): boolean {
  return 'clock' in record && record.clock === 'recording';
}
