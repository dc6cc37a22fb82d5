/** Why a camera gives nothing; each with a policy of its own (`retry-policy.ts`). */
export const CAUSES = [
  'refused',
  'timeout',
  'authentication',
  'not-found',
  'redirect',
  'codec',
  'ended',
  'corrupt',
  'local',
  'resolution',
  'burst',
] as const;
export type Cause = (typeof CAUSES)[number];

export type CameraState = 'starting' | 'running' | 'stalled' | 'backing-off' | 'disabled' | 'ended';

/** What there is to say about a camera right now; nothing in it is a secret. */
export interface CameraStatus {
  readonly camera: string;
  readonly state: CameraState;
  /** Why it is not running, with a sentence for people. */
  readonly cause?: Cause;
  readonly detail?: string;
  /** Since when it is in this state, and when it is tried again: milliseconds since 1970. */
  readonly since: number;
  readonly nextTryAt?: number;
  /** Frames a second that reached the engine over the last seconds. */
  readonly fps: number;
  readonly counters: CameraCounters;
  /** The last lines in which ffmpeg told of an error, at most 20. */
  readonly lastLines: readonly string[];
}

/** Since the connector was created. */
export interface CameraCounters {
  /** Frames put on the bus. */
  readonly frames: number;
  /** Packets of video that arrived (live only). */
  readonly packets: number;
  /** Packets that were lost on the way (live only). */
  readonly lostPackets: number;
  /** Pictures that were damaged on the way, and complaints of the decoder about damaged data. */
  readonly decodeErrors: number;
  /** Pictures that were never decoded, since the decoder was too slow (live only). */
  readonly skippedPictures: number;
  /** Frames that were cut off by the end of the stream, and dropped. */
  readonly truncatedFrames: number;
  /** Bytes of ffmpeg's messages that were too many to read. */
  readonly skippedMessageBytes: number;
  /** Restarts by cause. */
  readonly restarts: Readonly<Partial<Record<Cause, number>>>;
}
