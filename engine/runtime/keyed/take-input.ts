import { firstPlace, lastPlace, recordId } from '../../records/place.ts';
import { admit, endTime, lostGap, type Progress } from '../../records/place-rule.ts';
import type { GapRecord, StreamRecord } from '../../records/record.ts';
import { isAccountTopic } from './account-topic.ts';
import type { CameraState } from './camera-state.ts';
import type { Effects } from './effects.ts';
import type { OperatorChain } from './operator-chain.ts';
import { takeDueWake } from './wakes.ts';

/**
 * How often an input has thrown decides what operators see of it:
 *
 *   0, 1 ─▶ process: the record itself
 *   2    ─▶ fail: a gap of reason `failed` in its place
 *   3    ─▶ pass over: nothing; the gap goes to the account topics directly, and the timers that were due are dropped
 */
export type Treatment = 'process' | 'fail' | 'pass over';

export function treatmentAfter(throws: number): Treatment {
  if (throws < 2) return 'process';
  return throws === 2 ? 'fail' : 'pass over';
}

/** What the place rule made of an input. */
export interface Taken {
  /** False when all of it was known already: nothing happened. */
  readonly fresh: boolean;
  /** The gap for a hole before it. */
  readonly lost: GapRecord | undefined;
}

/**
 * Takes one record of a camera: the place rule, a `lost` gap for a hole before it, then the record through the chain. `before` is what
 * is known of the camera. Throws what an operator throws; the camera's state is half done then and must be restored.
 */
export function takeInput(
  record: StreamRecord,
  before: Progress | undefined,
  treatment: Treatment,
  camera: CameraState,
  chain: OperatorChain,
  effects: Effects,
): Taken {
  const admission = admit(record, before);
  if (admission.record === undefined) return { fresh: false, lost: undefined };
  const lost = admission.hole && lostGap(admission.hole, record, before);
  const seen = treatment === 'process' ? admission.record : failedGap(admission.record, before);
  for (const part of lost === undefined ? [seen] : [lost, seen]) {
    if (treatment === 'pass over') passOver(part, camera, chain, effects);
    else chain.process(part, camera, effects);
  }
  camera.progress = admission.progress;
  return { fresh: true, lost };
}

/** The gap that stands for a record that could not be processed. */
export function failedGap(record: StreamRecord, before: Progress | undefined): GapRecord {
  const { camera, session, time } = record;
  const { seq: from } = firstPlace(record);
  const { seq: to } = lastPlace(record);
  return {
    v: 1,
    type: 'gap',
    id: recordId(camera, firstPlace(record)),
    camera,
    session,
    from,
    to,
    time,
    until: endTime(record, before),
    reason: 'failed',
  };
}

function passOver(gap: StreamRecord, camera: CameraState, { outputs }: OperatorChain, effects: Effects): void {
  const time = endTime(gap, camera);
  while (takeDueWake(camera.wakes, time) !== undefined);
  camera.time = time;
  for (const topic of outputs.filter(isAccountTopic)) effects.emit(topic, gap as GapRecord);
}
