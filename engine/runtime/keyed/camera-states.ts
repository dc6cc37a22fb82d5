import type { AnyKeyedOperator } from '../../contract/operator.ts';
import type { Position } from '../../log/log.ts';
import type { Progress } from '../../records/place-rule.ts';
import { type CameraState, decodeCameraState, encodeCameraState, type FreshStart, newCameraState } from './camera-state.ts';

/** Where a camera can be taken back to: its state behind every input below `position`; no bytes for a camera that had none. */
export interface RestorePoint {
  readonly position: Position;
  readonly bytes: Uint8Array | undefined;
}

/**
 * The states of a task's cameras, and for each the point that it can be taken back to. A restore point is made by each checkpoint, and
 * after a failure, so that what failed once is not run again.
 */
export class CameraStates {
  private readonly operators: readonly AnyKeyedOperator[];
  private readonly onFreshStart: (fresh: FreshStart) => void;
  private readonly states = new Map<string, CameraState>();
  private readonly restorePoints = new Map<string, RestorePoint>();
  private readonly changed = new Set<string>();
  /** Every camera that has not changed since stands here as well. */
  private checkpoint: Position;

  constructor(
    operators: readonly AnyKeyedOperator[],
    position: Position,
    saved: Iterable<readonly [camera: string, bytes: Uint8Array]>,
    onFreshStart: (fresh: FreshStart) => void,
  ) {
    this.operators = operators;
    this.onFreshStart = onFreshStart;
    this.checkpoint = position;
    for (const [camera, bytes] of saved) {
      this.restorePoints.set(camera, { position, bytes });
      this.states.set(camera, decodeCameraState(camera, bytes, operators, onFreshStart));
    }
  }

  /** The live state of a camera; a new one for a camera never seen. */
  of(camera: string): CameraState {
    const state = this.states.get(camera) ?? newCameraState(camera, this.operators);
    this.states.set(camera, state);
    return state;
  }

  progressOf(camera: string): Progress | undefined {
    return this.states.get(camera)?.progress;
  }

  markChanged(camera: string): void {
    this.changed.add(camera);
  }

  /** Takes a camera back to its restore point, and says from which input on it must run again. */
  restore(camera: string): Position {
    const { position, bytes } = this.restorePoints.get(camera) ?? { position: 0, bytes: undefined };
    if (bytes === undefined) this.states.delete(camera);
    else this.states.set(camera, decodeCameraState(camera, bytes, this.operators, this.onFreshStart));
    return Math.max(position, this.checkpoint);
  }

  /** Makes the camera's present state its restore point: every input below `position` is in it. */
  keep(camera: string, position: Position): void {
    this.restorePoints.set(camera, { position, bytes: encodeCameraState(this.of(camera), this.operators) });
  }

  /** The bytes of every camera that changed since the last checkpoint. Every input below `position` is in them. */
  takeChanged(position: Position): Map<string, Uint8Array> {
    const bytes = new Map<string, Uint8Array>();
    for (const camera of this.changed) {
      const encoded = encodeCameraState(this.of(camera), this.operators);
      bytes.set(camera, encoded);
      this.restorePoints.set(camera, { position, bytes: encoded });
    }
    this.changed.clear();
    this.checkpoint = position;
    return bytes;
  }
}
