import { deserialize, serialize } from 'node:v8';
import type { AnyKeyedOperator } from '../../contract/operator.ts';
import { OcelliError, sentenceOf } from '../../errors.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { Wake } from './wakes.ts';

/** Everything that a task knows of one camera. Changed in place by the records of that camera and by nothing else. */
export interface CameraState {
  readonly camera: string;
  /** The last place taken; undefined before the first record. */
  progress: Progress | undefined;
  /** Event time: the largest time seen, in milliseconds since 1970; 0 before the first record. */
  time: number;
  readonly wakes: Wake[];
  /** Each operator's own state, by the operator's name. */
  readonly operators: Map<string, unknown>;
}

/** As it is saved. */
interface SavedCameraState {
  readonly progress: Progress | undefined;
  readonly time: number;
  readonly wakes: readonly Wake[];
  readonly operators: Readonly<Record<string, { readonly version: number; readonly state: unknown }>>;
}

/** That an operator could not use a saved state and begins again; `reason` is a sentence for people. */
export interface FreshStart {
  readonly camera: string;
  readonly operator: string;
  readonly reason: string;
}

export function newCameraState(camera: string, operators: readonly AnyKeyedOperator[]): CameraState {
  const states = operators.map((operator): [string, unknown] => [operator.name, operator.initial(camera)]);
  return { camera, progress: undefined, time: 0, wakes: [], operators: new Map(states) };
}

/** @throws OPERATOR_FAILED when an operator keeps something that is no plain data. */
export function encodeCameraState(state: CameraState, operators: readonly AnyKeyedOperator[]): Uint8Array {
  const saved = operators.map(({ name, stateVersion }) => [name, { version: stateVersion, state: state.operators.get(name) }]);
  const { camera, progress, time, wakes } = state;
  try {
    return serialize({ progress, time, wakes, operators: Object.fromEntries(saved) } satisfies SavedCameraState);
  } catch (cause) {
    const names = operators.map(({ name }) => name).join(', ');
    throw new OcelliError(
      'OPERATOR_FAILED',
      `The state of camera ${camera} cannot be saved: ${sentenceOf(cause)} Expected plain data (no functions, no promises) from ${names}.`,
      { cause, camera },
    );
  }
}

/**
 * The state that bytes hold, brought to the operators of today: an older version goes through `upgrade`; where that is not possible the
 * operator begins again (told by `onFreshStart`), without its wakes. An operator that is no longer there is forgotten.
 * @throws OPERATOR_FAILED when the bytes are not a camera's state at all.
 */
export function decodeCameraState(
  camera: string,
  bytes: Uint8Array,
  operators: readonly AnyKeyedOperator[],
  onFreshStart: (fresh: FreshStart) => void,
): CameraState {
  const saved = readSaved(camera, bytes);
  const states = new Map<string, unknown>();
  const kept = new Set<string>();
  for (const operator of operators) {
    const found = currentState(operator, saved.operators[operator.name]);
    if ('state' in found) kept.add(operator.name);
    else if (found.reason !== undefined) onFreshStart({ camera, operator: operator.name, reason: found.reason });
    states.set(operator.name, 'state' in found ? found.state : operator.initial(camera));
  }
  return {
    camera,
    progress: saved.progress,
    time: saved.time,
    wakes: saved.wakes.filter((wake) => kept.has(wake.operator)),
    operators: states,
  };
}

function readSaved(camera: string, bytes: Uint8Array): SavedCameraState {
  try {
    // A copy: typed arrays come out of `deserialize` as views of its input, and operators change them in place.
    return deserialize(Uint8Array.from(bytes)) as SavedCameraState;
  } catch (cause) {
    throw new OcelliError(
      'OPERATOR_FAILED',
      `The saved state of camera ${camera} (${bytes.length} bytes) cannot be read: ${sentenceOf(cause)} Restore the state from a backup, or remove it to begin again.`,
      { cause, camera },
    );
  }
}

type Found = { readonly state: unknown } | { readonly reason: string | undefined };

function currentState(operator: AnyKeyedOperator, saved: { readonly version: number; readonly state: unknown } | undefined): Found {
  if (saved === undefined) return { reason: undefined };
  const { version, state } = saved;
  if (version === operator.stateVersion) return { state };
  const versions = `its state has version ${version}, the operator has ${operator.stateVersion}`;
  if (version > operator.stateVersion) return { reason: `${versions}: a newer state cannot be turned back` };
  if (operator.upgrade === undefined) return { reason: `${versions} and no upgrade` };
  try {
    return { state: operator.upgrade(state, version) };
  } catch (error) {
    return { reason: `${versions}, and the upgrade failed: ${sentenceOf(error)}` };
  }
}
