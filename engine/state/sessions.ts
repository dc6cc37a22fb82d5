import type { Progress } from '../records/place-rule.ts';

/**
 * Gives out the sessions of cameras, so that a number is never used twice, also after a lost store.
 * Implementations share `test/suites/sessions.suite.ts`.
 */
export interface Sessions {
  /** A new session of a live camera: `max(last + 1, seconds since 1970)`, `last` of any kind. Stored before it is returned. */
  beginLive(camera: string, nowMs: number): Promise<number>;
  /**
   * The session of a recording: the same one until the file behind the name changed (`fingerprint`), then `last + 1`; numbered from 1.
   * `ended` tells that it was read to its end before: there is nothing more to say about it.
   */
  beginRecording(camera: string, fingerprint: string): Promise<{ readonly session: number; readonly ended: boolean }>;
  /** The recording was read to its end. Changes nothing when the camera has a newer session by now. */
  endRecording(camera: string, session: number): Promise<void>;
}

/** How far the records of a camera reach in `detections`; where a recording goes on, and the time that a live camera must stay above. */
export type LastKnown = (camera: string) => Progress | undefined;
