import { setImmediate } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';
import { deserialize } from 'node:v8';
import type { AnyKeyedOperator } from '../engine/contract/operator.ts';
import type { Log, Position } from '../engine/log/log.ts';
import type { DeadLetterRecord, StreamRecord } from '../engine/records/record.ts';
import { type RecordOf, TOPIC_NAMES, type Topic } from '../engine/records/topic.ts';
import type { AccountTopic } from '../engine/runtime/keyed/account-topic.ts';
import { KeyedTask, type KeyedTaskObserver, type TaskEnd } from '../engine/runtime/keyed/index.ts';
import type { TableRow } from '../engine/state/state-store.ts';
import { MemoryDisk, MemoryLog } from './engine/runtime/keyed/doubles/memory-log.ts';
import { MemoryStateStore } from './engine/runtime/keyed/doubles/memory-state-store.ts';
import { Process } from './engine/runtime/keyed/doubles/process.ts';
import { ManualClock } from './manual-clock.ts';

/** The process is killed: nothing is flushed. Another one takes the task over. */
export const CRASH = Symbol('CRASH');
/** Another process takes the task over while this one goes on. */
export const TAKEOVER = Symbol('TAKEOVER');
/** The process stands still at its next commit of state, and another one takes the task over. */
export const STALL = Symbol('STALL');
/** Processes that stand still go on. */
export const REVIVE = Symbol('REVIVE');

/** Time passes for the processes, not for the cameras: what was written is committed, and a checkpoint may come due. */
export interface Tick {
  readonly tickMs: number;
}
/** Something in the input topic that is no record. */
export interface Unreadable {
  readonly unreadable: string;
  readonly camera: string;
}

/** A list of records is written at once and read as one batch. */
export type Step = StreamRecord | readonly StreamRecord[] | Unreadable | Tick | symbol;

export function tick(ms: number): Tick {
  return { tickMs: ms };
}

export function unreadable(text: string, camera = 'dock-1'): Unreadable {
  return { unreadable: text, camera };
}

export interface DriveOptions {
  readonly input?: AccountTopic;
  /** What a crash makes of records that were written and not committed yet: so many, of each topic, are kept. */
  readonly crash?: 'lost' | 'kept' | ((topic: Topic, written: number) => number);
  readonly fenced?: boolean;
  readonly batchRecords?: number;
  readonly observer?: KeyedTaskObserver;
}

/** What is there in the end, after a clean close. */
export interface Outcome {
  readonly topics: { readonly [T in Topic]: readonly RecordOf<T>[] };
  /** What is saved, by camera. */
  readonly state: Readonly<Record<string, unknown>>;
  readonly position: Position;
  readonly deadLetters: readonly DeadLetterRecord[];
  /** Readable rows by table and row. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, TableRow>>>>;
  /** How each process ended that was not killed, in the order in which they took over. */
  readonly ends: readonly TaskEnd[];
}

/** Feeds records as data to a task over logs and state that go through real bytes, with a stepped clock, and tells what comes out. */
export async function drive(operators: readonly AnyKeyedOperator[], steps: readonly Step[], options: DriveOptions = {}): Promise<Outcome> {
  const driver = new KeyedTaskDriver(operators, options);
  await driver.begin();
  for (const step of steps) await driver.step(step);
  return driver.finish();
}

/**
 * Proves on a list of steps that the operators are deterministic and that crashes change nothing: drives it twice, then with a crash behind
 * each step by itself and behind all of them, with what was on its way lost and kept. Answers the undisturbed outcome.
 * @throws Error with the first run that came out differently.
 */
export async function driveWithCrashes(operators: readonly AnyKeyedOperator[], steps: readonly Step[]): Promise<Outcome> {
  const undisturbed = await drive(operators, steps);
  await compare(undisturbed, await drive(operators, steps), 'a second run');
  for (const crash of ['lost', 'kept'] as const) {
    for (const at of steps.keys()) {
      const crashed = await drive(operators, steps.toSpliced(at + 1, 0, CRASH), { crash });
      await compare(undisturbed, crashed, `a run with a crash behind step ${at} (output on its way ${crash})`);
    }
    const crashedOften = await drive(
      operators,
      steps.flatMap((step) => [step, CRASH]),
      { crash },
    );
    await compare(undisturbed, crashedOften, `a run with a crash behind every step (output on its way ${crash})`);
  }
  return undisturbed;
}

async function compare(expected: Outcome, came: Outcome, run: string): Promise<void> {
  for (const part of ['topics', 'state', 'position', 'tables'] as const) {
    if (isDeepStrictEqual(came[part], expected[part])) continue;
    throw new Error(`In ${run}, ${part} came out as ${inspect(came[part], { depth: 8 })}, not as ${inspect(expected[part], { depth: 8 })}`);
  }
}

/** A log commits what waits; here it does so once nothing else has happened for so many turns of the event loop. */
const TURNS_BEFORE_COMMIT = 4;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

interface Running {
  readonly task: KeyedTask;
  readonly process: Process;
  readonly log: MemoryLog;
  stalled: boolean;
}

/** For tests that look at what happens in between; else `drive`. */
export class KeyedTaskDriver {
  readonly disk: MemoryDisk;
  readonly clock = new ManualClock();
  readonly store: MemoryStateStore;
  private readonly input: AccountTopic;
  private readonly source: Log;
  private readonly operators: readonly AnyKeyedOperator[];
  private readonly options: DriveOptions;
  private running: Running[] = [];

  constructor(
    operators: readonly AnyKeyedOperator[],
    options: DriveOptions = {},
    disk = new MemoryDisk(),
    store = new MemoryStateStore({ fenced: options.fenced ?? true }),
  ) {
    this.operators = operators;
    this.options = options;
    this.input = options.input ?? 'detections';
    this.disk = disk;
    this.store = store;
    this.source = new MemoryLog(disk);
  }

  /** The same log and state with other operators, as after an update. */
  successor(operators: readonly AnyKeyedOperator[]): KeyedTaskDriver {
    return new KeyedTaskDriver(operators, this.options, this.disk, this.store);
  }

  /** The task that owns the state now. */
  get task(): KeyedTask {
    const newest = this.running.at(-1);
    if (newest === undefined) throw new Error('The driver has not begun.');
    return newest.task;
  }

  async begin(): Promise<void> {
    const process = new Process();
    const log = new MemoryLog(this.disk, true);
    const { observer, batchRecords } = this.options;
    const task = new KeyedTask({
      name: 'analyse',
      input: this.input,
      partition: 0,
      operators: this.operators,
      log: process.log(log),
      store: process.store(this.store),
      clock: this.clock,
      ...(observer === undefined ? {} : { observer }),
      ...(batchRecords === undefined ? {} : { batchRecords }),
    });
    this.running.push({ task, process, log, stalled: false });
    task.start();
    await this.settle();
  }

  async step(step: Step): Promise<void> {
    if (step === CRASH) await this.crash();
    else if (step === TAKEOVER) await this.begin();
    else if (step === STALL) await this.stall();
    else if (step === REVIVE) this.revive();
    else if (typeof step === 'symbol') throw new Error(`No such step: ${String(step)}.`);
    else if ('tickMs' in step) this.passTime(step.tickMs);
    else if ('unreadable' in step) this.writeRaw(step);
    else await this.write(Array.isArray(step) ? step : [step]);
    await this.settle();
  }

  /** Into the input topic, in one append. */
  async write(records: readonly StreamRecord[]): Promise<void> {
    await this.source.append(this.input, 0, records as RecordOf<AccountTopic>[]);
  }

  /** What the processes have written is committed now. */
  release(): void {
    for (const { log } of this.running) log.commitHeld();
  }

  async finish(): Promise<Outcome> {
    this.revive();
    await this.settle();
    this.release();
    const ends = [];
    for (const { task } of this.running) ends.push(await task.drain());
    return this.outcome(ends);
  }

  private async crash(): Promise<void> {
    const { crash = 'lost' } = this.options;
    for (const { process, log } of this.running) {
      process.kill();
      log.crash((topic, written) => (typeof crash === 'function' ? crash(topic, written) : crash === 'kept' ? written : 0));
    }
    this.running = [];
    await this.begin();
  }

  private async stall(): Promise<void> {
    const newest = this.running.at(-1);
    newest?.process.stall();
    if (newest !== undefined) newest.stalled = true;
    this.passTime(500);
    await this.begin();
  }

  private revive(): void {
    for (const one of this.running) {
      one.process.revive();
      one.stalled = false;
    }
  }

  private passTime(ms: number): void {
    this.release();
    this.clock.advance(ms);
  }

  private writeRaw({ camera, unreadable: text }: Unreadable): void {
    this.disk.writeRaw(this.input, camera, Buffer.from(text));
    this.disk.tell(this.input);
  }

  /** Until every process that does not stand still has done what there is to do. One that waits for a commit, for its checkpoint, gets it. */
  private async settle(): Promise<void> {
    const { end } = await this.source.bounds(this.input, 0);
    let settled = false;
    const tasks = this.running.filter(({ stalled }) => !stalled).map(({ task }) => task.idle(end));
    const done = Promise.all(tasks).then(() => (settled = true));
    while (!settled) {
      await Promise.race([done, turns(TURNS_BEFORE_COMMIT)]);
      if (!settled) this.release();
    }
  }

  private outcome(ends: readonly TaskEnd[]): Outcome {
    const saved = this.store.saved('analyse/0');
    const cameras = [...(saved?.keys ?? [])].filter(([key]) => !key.startsWith('#')).sort();
    return {
      topics: Object.fromEntries(TOPIC_NAMES.map((topic) => [topic, this.read(topic)])) as unknown as Outcome['topics'],
      state: Object.fromEntries(cameras.map(([camera, bytes]) => [camera, deserialize(bytes)])),
      position: saved?.position ?? 0,
      deadLetters: this.read('dead-letters'),
      tables: this.store.allTables(),
      ends,
    };
  }

  read<T extends Topic>(topic: T): readonly RecordOf<T>[] {
    return this.disk.topic(topic).rows.flatMap(({ bytes }) => {
      try {
        return [JSON.parse(bytes.toString())];
      } catch {
        return []; // what a test wrote as unreadable
      }
    });
  }
}
