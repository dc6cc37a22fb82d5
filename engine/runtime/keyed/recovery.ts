import type { Position } from '../../log/log.ts';
import type { StreamRecord } from '../../records/record.ts';
import { type Treatment, treatmentAfter } from './take-input.ts';

/** An input of one camera that can be run again. */
export interface CameraInput {
  readonly position: Position;
  readonly record: StreamRecord;
}

/** What recovery needs of the task. */
export interface Recoverable {
  /** Takes the camera back to its restore point; answers the first input that is not in it. */
  restore(camera: string): Position;
  /** The camera's inputs from a position to below another, as they were read before. */
  read(camera: string, from: Position, below: Position): AsyncIterable<CameraInput>;
  /** Runs an input. `again`: what it causes is known already and must not be told twice. */
  take(input: CameraInput, treatment: Treatment, again: boolean): void;
  /** An input has thrown, the how-manieth time. */
  failed(input: CameraInput, throws: number, error: unknown): void;
  /** The camera's state is good behind this input. */
  keep(camera: string, position: Position): void;
}

/**
 * What happens after an operator threw on an input:
 *
 *   throw ─▶ restore the camera ─▶ run its inputs again, up to and with the one that threw ─▶ through: go on, here is the new restore point
 *                  ▲                                     │ throw
 *                  └──────── one more throw ◀────────────┘
 *
 * Each input throws three times at most (see Treatment), so this ends. Other cameras are not touched. The inputs are read again from
 * the log instead of being kept: failures are rare, and memory stays bounded.
 */
export async function recover(task: Recoverable, failed: CameraInput, error: unknown): Promise<void> {
  const throws = new Map<Position, number>();
  const { camera } = failed.record;
  for (let last: Thrown | undefined = { input: failed, error }; last !== undefined; last = await runAgain(task, failed, throws)) {
    const count: number = (throws.get(last.input.position) ?? 0) + 1;
    throws.set(last.input.position, count);
    task.failed(last.input, count, last.error);
  }
  task.keep(camera, failed.position + 1);
}

interface Thrown {
  readonly input: CameraInput;
  readonly error: unknown;
}

/** Answers the input that threw, or nothing when all are through. */
async function runAgain(task: Recoverable, failed: CameraInput, throws: ReadonlyMap<Position, number>): Promise<Thrown | undefined> {
  const { camera } = failed.record;
  const from = task.restore(camera);
  for await (const input of task.read(camera, from, failed.position)) {
    const thrown = attempt(task, input, throws, true);
    if (thrown !== undefined) return thrown;
  }
  return attempt(task, failed, throws, false);
}

function attempt(task: Recoverable, input: CameraInput, throws: ReadonlyMap<Position, number>, again: boolean): Thrown | undefined {
  try {
    task.take(input, treatmentAfter(throws.get(input.position) ?? 0), again);
    return undefined;
  } catch (error) {
    return { input, error };
  }
}
