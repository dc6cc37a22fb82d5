/** The session of a recording, and what was done in earlier ones. */
export interface RecordingSessionStart {
  readonly session: number;
  /** It was read to its end before: there is nothing more to say about it. */
  readonly ended: boolean;
  /** A session of the same recording was closed before its end: this one goes on where that one stopped. */
  readonly resumed: boolean;
}

/**
 * Gives out the sessions of cameras, so that a number is never used twice, also after a lost store.
 * Implementations share `test/suites/sessions.suite.ts`. What is stored of a recording:
 *
 *   open ──closeRecording──▶ closed ──beginRecording: last + 1──▶ resumed ──closeRecording──▶ closed
 *     └─────endRecording────▶ ended ◀────────endRecording────────────┘
 *
 *   from everywhere: beginRecording of another fingerprint ──last + 1──▶ open
 */
export interface Sessions {
  /** A new session of a live camera: `max(last + 1, seconds since 1970)`, `last` of any kind. Stored before it is returned. */
  beginLive(camera: string, nowMs: number): Promise<number>;
  /**
   * The session of a recording: the same one until it was closed or the file behind the name changed (`fingerprint`), then `last + 1`;
   * numbered from 1.
   */
  beginRecording(camera: string, fingerprint: string): Promise<RecordingSessionStart>;
  /** The recording was read to its end. Changes nothing when the camera has a newer session by now, or this one was closed. */
  endRecording(camera: string, session: number): Promise<void>;
  /**
   * The session of a recording is closed before its end, since the camera was disabled or removed. Stored before the session's `end` is
   * told, so that nothing can be said behind it. Changes nothing when the camera has a newer session by now, or this one has ended.
   */
  closeRecording(camera: string, session: number): Promise<void>;
}
