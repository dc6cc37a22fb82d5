import type { Clock } from '../../clock.ts';
import type { AnyKeyedOperator } from '../../contract/operator.ts';
import type { Log, Position } from '../../log/log.ts';
import type { Tenure } from '../../log/tenure.ts';
import type { Topic } from '../../records/topic.ts';
import { tenureOver } from '../../state/stale-owner.ts';
import type { Ownership, StateStore } from '../../state/state-store.ts';
import type { AccountTopic } from './account-topic.ts';
import { knownBefore } from './beginning.ts';
import type { CameraStates } from './camera-states.ts';
import { type DeadLetterBox, deadLetterOf } from './dead-letters.ts';
import { Effects } from './effects.ts';
import { type Input, readInputs } from './input-reader.ts';
import type { KeyedTaskObserver } from './keyed-task-observer.ts';
import { encodeLastInput, LAST_INPUT_KEY, type LastInput } from './last-input.ts';
import type { OperatorChain } from './operator-chain.ts';
import type { OutputWriter } from './output-writer.ts';
import { type CameraInput, type Recoverable, recover } from './recovery.ts';
import { TableBuffer } from './table-buffer.ts';
import { type Treatment, takeInput } from './take-input.ts';
import { encodeTaskFacts, TASK_FACTS_KEY, type TaskFacts } from './task-facts.ts';
import { outlineOf, unreadableGap } from './unreadable.ts';

export interface KeyedTaskOptions {
  /** Its state is kept under `name/partition`. */
  readonly name: string;
  readonly input: AccountTopic;
  readonly partition: number;
  /** In the order in which they feed each other. */
  readonly operators: readonly AnyKeyedOperator[];
  readonly log: Log;
  readonly store: StateStore;
  readonly clock: Clock;
  /** For one of several processes: how long the task is this one's. Without it, it always is. */
  readonly tenure?: Tenure;
  readonly observer?: KeyedTaskObserver;
  /** State is saved at most once in so many milliseconds; 500 unless told otherwise. More saves work, less replays less after a crash. */
  readonly checkpointMs?: number;
  /** Inputs that are processed before others get their turn of the event loop; 64 unless told otherwise. */
  readonly batchRecords?: number;
}

/** What `openTaskRun` found. */
export interface TaskParts {
  readonly chain: OperatorChain;
  readonly ownership: Ownership;
  readonly position: Position;
  readonly facts: TaskFacts;
  readonly states: CameraStates;
  readonly writer: OutputWriter;
  readonly box: DeadLetterBox;
}

const CHECKPOINT_MS = 500;
const BATCH_RECORDS = 64;
/** Batches whose output may be on its way to the disk at once; beyond, reading waits. */
const PENDING_APPENDS = 16;

/**
 * One ownership of a task: takes inputs from its position on, and makes checkpoints. Between two calls everything read is processed and
 * on its way to the log. After a throw it must be dropped.
 */
export class TaskRun {
  private readonly options: KeyedTaskOptions;
  private readonly parts: TaskParts;
  private readonly observer: KeyedTaskObserver;
  private readonly tables = new TableBuffer();
  private readonly recoverable: Recoverable;
  private facts: TaskFacts;
  private position: Position;
  private last: LastInput | undefined;
  private committed: Position;
  private checkpointedMs: number;

  constructor(options: KeyedTaskOptions, parts: TaskParts) {
    this.options = options;
    this.parts = parts;
    this.observer = options.observer ?? {};
    this.facts = parts.facts;
    this.position = parts.position;
    this.committed = parts.position;
    this.checkpointedMs = options.clock.monotonic();
    this.recoverable = this.asRecoverable();
  }

  /** How often the task was taken over, by this owner last. */
  get epoch(): number {
    return this.parts.ownership.epoch;
  }

  /** The first input that is not processed. */
  get reached(): Position {
    return this.position;
  }

  /** The first input that is not in the saved state. */
  get saved(): Position {
    return this.committed;
  }

  /** Processes the next batch; false when the end of the topic is reached. */
  async takeBatch(): Promise<boolean> {
    const { writer } = this.parts;
    this.checkTenure();
    if (writer.pending >= PENDING_APPENDS) await writer.settle();
    const { inputs, next } = await this.read(this.position, this.options.batchRecords ?? BATCH_RECORDS);
    for (const input of inputs) await this.takeOne(input);
    writer.send();
    const moved = next > this.position;
    this.position = next;
    return moved;
  }

  /** Milliseconds until a checkpoint is due, 0 if it is; undefined when there is nothing to save. */
  get checkpointInMs(): number | undefined {
    if (this.position === this.committed) return undefined;
    const sinceMs = this.options.clock.monotonic() - this.checkpointedMs;
    return Math.max(0, (this.options.checkpointMs ?? CHECKPOINT_MS) - sinceMs);
  }

  /** Waits until all output is committed, then saves the states that changed together with the position. */
  async checkpoint(): Promise<void> {
    if (this.position === this.committed) return;
    const { states, writer, ownership } = this.parts;
    const startedMs = this.options.clock.monotonic();
    const changed = states.takeChanged(this.position);
    const cameras = changed.size;
    const tables = this.tables.takeAll();
    await writer.flush();
    await this.passDeadLetters(changed);
    if (this.last !== undefined) changed.set(LAST_INPUT_KEY, encodeLastInput(this.last));
    this.checkTenure();
    await ownership.commit(this.committed, this.position, changed, tables);
    this.committed = this.position;
    this.checkpointedMs = this.options.clock.monotonic();
    this.observer.checkpoint?.({
      position: this.committed,
      cameras,
      stateBytes: changed.values().reduce((sum, bytes) => sum + bytes.length, 0),
      tableChanges: tables.length,
      tookMs: this.checkpointedMs - startedMs,
    });
  }

  /** Waits until nothing is under way to the log. */
  settle(): Promise<void> {
    return this.parts.writer.settle();
  }

  /** A process that stood still may wake up in the middle of anything: the fence would refuse it, this spares the attempt. */
  private checkTenure(): void {
    const { tenure, name, partition } = this.options;
    if (tenure !== undefined && !tenure.holds()) throw tenureOver(`${name}/${partition}`, this.epoch);
  }

  private read(from: Position, limit: number, camera?: string) {
    const { log, input, partition } = this.options;
    return readInputs(log, input, partition, camera === undefined ? { from, limit } : { from, limit, camera });
  }

  private async takeOne(input: Input<AccountTopic>): Promise<void> {
    if ('unreadable' in input) return this.takeUnreadable(input);
    this.last = { position: input.position, id: input.record.id };
    try {
      this.take(input, 'process', false);
    } catch (error) {
      await recover(this.recoverable, input, error);
    }
  }

  private async takeUnreadable(input: Extract<Input<Topic>, { unreadable: unknown }>): Promise<void> {
    this.bury(input, input.unreadable);
    const outline = outlineOf(input.unreadable);
    const gap = outline && unreadableGap(outline, this.parts.states.progressOf(outline.camera));
    if (gap === undefined) return;
    await this.takeOne({ position: input.position, record: gap });
    // Running again skips what cannot be read, so it must never begin before this gap.
    this.parts.states.keep(gap.camera, input.position + 1);
  }

  private take({ record, position }: CameraInput, treatment: Treatment, again: boolean): void {
    const { states, chain } = this.parts;
    const camera = states.of(record.camera);
    const before = camera.progress ?? knownBefore(record, position, this.facts.beginning);
    const effects = new Effects();
    const { fresh, lost } = takeInput(record, before, treatment, camera, chain, effects);
    if (again) return;
    if (fresh) states.markChanged(record.camera);
    if (lost !== undefined) this.observer.hole?.(lost);
    if (fresh) this.observer.taken?.(record);
    else this.observer.dropped?.(record);
    this.publish(record.camera, effects);
  }

  private publish(camera: string, effects: Effects): void {
    for (const [topic, records] of effects.records) {
      const written = this.parts.writer.take(topic, camera, records);
      if (written.length > 0) this.observer.emitted?.(topic, written);
      if (written.length < records.length) this.observer.repeated?.(topic, records.length - written.length);
    }
    for (const change of effects.tables) this.tables.push(change);
  }

  private bury(input: Input<Topic>, error: unknown): void {
    const { name, partition, input: topic } = this.options;
    const letter = deadLetterOf(`${name}/${partition}`, topic, input, error);
    if (!this.parts.box.add(letter)) return;
    this.parts.writer.put('dead-letters', [letter]);
    this.observer.deadLetter?.(letter);
  }

  /** Behind a checkpoint no letter of before can come again: the next owner need not read them. */
  private async passDeadLetters(changed: Map<string, Uint8Array>): Promise<void> {
    if (this.parts.box.empty) return;
    const { end } = await this.options.log.bounds('dead-letters', this.options.partition);
    this.facts = { ...this.facts, deadLetters: end };
    changed.set(TASK_FACTS_KEY, encodeTaskFacts(this.facts));
    this.parts.box.forget();
  }

  private asRecoverable(): Recoverable {
    const { states } = this.parts;
    return {
      restore: (camera) => states.restore(camera),
      keep: (camera, position) => states.keep(camera, position),
      read: (camera, from, below) => this.readAgain(camera, from, below),
      take: (input, treatment, again) => this.take(input, treatment, again),
      failed: (input, throws, error) => {
        this.observer.failed?.({ camera: input.record.camera, position: input.position, throws, error });
        if (throws === 2) this.bury(input, error);
      },
    };
  }

  private async *readAgain(camera: string, from: Position, below: Position): AsyncIterable<CameraInput> {
    for (let position = from; position < below; ) {
      const { inputs, next } = await this.read(position, BATCH_RECORDS, camera);
      for (const input of inputs) if ('record' in input && input.position < below) yield input;
      position = next;
    }
  }
}
