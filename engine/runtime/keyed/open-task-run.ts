import { OcelliError } from '../../errors.ts';
import type { Position } from '../../log/log.ts';
import type { Topic } from '../../records/topic.ts';
import type { Ownership } from '../../state/state-store.ts';
import { readBeginning } from './beginning.ts';
import { CameraStates } from './camera-states.ts';
import { DeadLetterBox } from './dead-letters.ts';
import { checkLastInput, decodeLastInput, LAST_INPUT_KEY } from './last-input.ts';
import { OperatorChain } from './operator-chain.ts';
import { OutputWriter } from './output-writer.ts';
import { decodeTaskFacts, encodeTaskFacts, NEW_TASK_FACTS, TASK_FACTS_KEY, type TaskFacts } from './task-facts.ts';
import { type KeyedTaskOptions, TaskRun } from './task-run.ts';

/**
 * Takes the task over and gets ready to go on from its saved position. `onLostAppend` is called when output could not be written.
 * @throws STATE_POSITION_LOST or STATE_LOST when log and state do not belong together; CONFIG_INVALID when the operators do not.
 */
export async function openTaskRun(options: KeyedTaskOptions, onLostAppend: () => void): Promise<TaskRun> {
  const { name, input, partition, log, store, operators, observer } = options;
  const chain = new OperatorChain(input, operators);
  const task = `${name}/${partition}`;
  const ownership = await store.acquire(task);
  const saved = new Map(await ownership.load());
  const last = decodeLastInput(saved.get(LAST_INPUT_KEY));
  if (ownership.epoch === 1) await refuseOwnOutput(options, chain.outputs);
  const { position, facts } = await goOn(options, ownership, decodeTaskFacts(saved.get(TASK_FACTS_KEY)));
  if (last !== undefined) await checkLastInput(task, log, input, partition, last);
  for (const key of [TASK_FACTS_KEY, LAST_INPUT_KEY]) saved.delete(key);
  const states = new CameraStates(operators, position, saved, (fresh) => observer?.freshStart?.(fresh));
  const writer = await OutputWriter.open(log, partition, chain.outputs, onLostAppend);
  const { box, end } = await DeadLetterBox.open(log, partition, { task, topic: input, from: facts.deadLetters, since: position });
  return new TaskRun(options, { chain, ownership, position, facts: { ...facts, deadLetters: end }, states, writer, box });
}

interface Start {
  readonly position: Position;
  readonly facts: TaskFacts;
}

async function goOn(options: KeyedTaskOptions, ownership: Ownership, facts: TaskFacts): Promise<Start> {
  if (ownership.position === 0) return begin(options, ownership);
  await checkPosition(options, ownership.position);
  return { position: ownership.position, facts };
}

/** Nobody but the task writes its output. Where there is some, a store that has never seen the task has lost it, or is another one. */
async function refuseOwnOutput({ name, log, partition }: KeyedTaskOptions, outputs: readonly Topic[]): Promise<void> {
  for (const topic of outputs) {
    const written = await log.progress(topic, partition);
    if (written.size === 0) continue;
    throw new OcelliError(
      'STATE_LOST',
      `The log holds what task ${name}/${partition} wrote to ${topic}, and there is no state of the task: it was emptied, or is kept elsewhere. Restore it from its backup, however old: what is missing is made again from the log. Or accept that the task begins anew: ocelli state begin-again.`,
      { task: `${name}/${partition}`, topic },
    );
  }
}

/** A fresh task begins at the start of the log. Where that was cut it saves what it found, so that a crash does not change its mind. */
async function begin({ log, input, partition }: KeyedTaskOptions, ownership: Ownership): Promise<Start> {
  const { start, beginning } = await readBeginning(log, input, partition);
  const facts = { ...NEW_TASK_FACTS, beginning };
  if (start > 0) await ownership.commit(0, start, new Map([[TASK_FACTS_KEY, encodeTaskFacts(facts)]]), []);
  return { position: start, facts };
}

async function checkPosition({ name, log, input, partition }: KeyedTaskOptions, position: Position): Promise<void> {
  const { start, end } = await log.bounds(input, partition);
  if (position >= start && position <= end) return;
  const why =
    position > end
      ? 'The log was replaced or restored without the state. Restore both from the same backup'
      : `Retention has removed ${start - position} positions before the task read them. Keep ${input} longer`;
  throw new OcelliError(
    'STATE_POSITION_LOST',
    `The state of task ${name}/${partition} stands at position ${position} of ${input}, and the log holds ${start} to ${end}. ${why}, or remove the state of the task to begin again at ${start}.`,
    { task: `${name}/${partition}`, topic: input, position, start, end },
  );
}
