import type { AnyKeyedOperator, Emitter } from '../../contract/operator.ts';
import { OcelliError, sentenceOf } from '../../errors.ts';
import { comparePlaces, lastPlace, type Place } from '../../records/place.ts';
import { endTime } from '../../records/place-rule.ts';
import type { StreamRecord } from '../../records/record.ts';
import type { AnyRecord, Topic } from '../../records/topic.ts';
import type { AccountTopic } from './account-topic.ts';
import type { CameraState } from './camera-state.ts';
import type { Effects } from './effects.ts';
import { addWake, takeDueWake } from './wakes.ts';

interface Handed {
  readonly topic: Topic;
  readonly record: AnyRecord;
}

/** One record on its way through the chain. */
interface Passage {
  readonly camera: CameraState;
  readonly effects: Effects;
  readonly place: Place;
}

/**
 * The fused operators of a task, in order. For each record of the input topic:
 *
 *   timers due up to its time ─▶ the record, operator by operator ─▶ event time moves to its end ─▶ timers due up to there (gaps only)
 *
 * What an operator emits on a topic that a later one consumes is handed on in memory, and everything emitted lands in the effects.
 */
export class OperatorChain {
  readonly input: AccountTopic;
  readonly operators: readonly AnyKeyedOperator[];
  /** Every topic that the operators emit. */
  readonly outputs: readonly Topic[];

  /** @throws CONFIG_INVALID when the operators, in this order, cannot feed each other. */
  constructor(input: AccountTopic, operators: readonly AnyKeyedOperator[]) {
    checkOrder(input, operators);
    this.input = input;
    this.operators = operators;
    this.outputs = [...new Set(operators.flatMap(({ emits }) => emits))];
  }

  /** Throws what an operator throws, with the operator's name and the record in the sentence. State and effects are then half done. */
  process(record: StreamRecord, camera: CameraState, effects: Effects): void {
    const passage = { camera, effects, place: lastPlace(record) };
    this.moveTime(Math.max(record.time, camera.time), passage);
    this.handOn([{ topic: this.input, record }], 0, passage);
    this.moveTime(endTime(record, camera), passage);
  }

  private moveTime(time: number, passage: Passage): void {
    const { wakes } = passage.camera;
    for (let wake = takeDueWake(wakes, time); wake !== undefined; wake = takeDueWake(wakes, time)) {
      passage.camera.time = Math.max(passage.camera.time, wake.time);
      this.wake(wake.operator, wake.time, passage);
    }
    passage.camera.time = time;
  }

  private wake(name: string, time: number, passage: Passage): void {
    const index = this.operators.findIndex((operator) => operator.name === name);
    const operator = this.operators[index];
    if (operator?.onTime === undefined) return;
    const emitted: Handed[] = [];
    try {
      operator.onTime(time, passage.camera.operators.get(name), emitterOf(operator, emitted, passage));
    } catch (error) {
      throw failureOf(operator, `at the timer of ${time} of camera ${passage.camera.camera}`, error);
    }
    this.handOn(emitted, index + 1, passage);
  }

  private handOn(handed: Handed[], first: number, passage: Passage): void {
    for (const operator of this.operators.slice(first)) {
      // `handed` grows while it is walked through; never by what this operator consumes (checkOrder).
      for (const { topic, record } of handed) {
        if (topic === operator.consumes) runOn(operator, topic, record, handed, passage);
      }
    }
  }
}

function runOn(operator: AnyKeyedOperator, topic: Topic, record: AnyRecord, emitted: Handed[], passage: Passage): void {
  try {
    operator.process(record, passage.camera.operators.get(operator.name), emitterOf(operator, emitted, passage));
  } catch (error) {
    throw failureOf(operator, `on the record ${record.id} of ${topic}`, error);
  }
}

function emitterOf(operator: AnyKeyedOperator, emitted: Handed[], { camera, effects, place }: Passage): Emitter<Topic> {
  return {
    place,
    emit(topic, record) {
      checkEmitted(operator, topic, record, camera.camera, place);
      emitted.push({ topic, record });
      effects.emit(topic, record);
    },
    wakeAt(time) {
      if (!Number.isSafeInteger(time)) throw new TypeError(`wakeAt expects whole milliseconds since 1970, not ${time}.`);
      addWake(camera.wakes, { time: Math.max(time, camera.time + 1), operator: operator.name });
    },
    table(change) {
      effects.tables.push(change);
    },
  };
}

function checkEmitted({ emits }: AnyKeyedOperator, topic: Topic, record: AnyRecord, camera: string, place: Place): void {
  if (!emits.includes(topic)) throw new TypeError(`It emitted to ${topic}, and its \`emits\` names ${emits.join(', ') || 'no topic'}.`);
  const { session, seq } = lastPlace(record);
  if (record.camera === camera && comparePlaces({ session, seq }, place) === 0) return;
  throw new TypeError(
    `It emitted a record that ends at ${record.camera}/${session}/${seq}; its cause ends at ${camera}/${place.session}/${place.seq}. Take the place from \`out.place\`.`,
  );
}

function failureOf(operator: AnyKeyedOperator, where: string, cause: unknown): OcelliError {
  const code = cause instanceof OcelliError ? cause.code : 'OPERATOR_FAILED';
  return new OcelliError(code, `Operator ${operator.name} failed ${where}: ${sentenceOf(cause)}`, { cause, operator: operator.name });
}

function checkOrder(input: Topic, operators: readonly AnyKeyedOperator[]): void {
  const names = new Set<string>();
  const known = new Set<Topic>([input]);
  const consumed = new Set<Topic>([input]);
  for (const { name, consumes, emits } of operators) {
    if (names.has(name)) refuse(`two operators are called ${name}. State is kept by name: give each its own`);
    if (!known.has(consumes))
      refuse(`${name} consumes ${consumes}, which is neither the input ${input} nor emitted before it. Put it behind`);
    consumed.add(consumes);
    const late = emits.find((topic) => consumed.has(topic));
    if (late !== undefined) refuse(`${name} emits ${late}, which is consumed at or before it. Put it in front, or let it emit elsewhere`);
    if (emits.includes('dead-letters'))
      refuse(`${name} emits dead-letters, which the runtime writes when an operator throws. Throw instead`);
    names.add(name);
    for (const topic of emits) known.add(topic);
  }
}

function refuse(reason: string): never {
  throw new OcelliError('CONFIG_INVALID', `The operators of a task do not fit together: ${reason}.`);
}
