import type { RecordOf } from '../../../engine/records/topic.ts';

/** Brings committed `tracks` to the live view. */
export interface TracksFeed {
  /** The cameras that browsers watch, from now on. */
  watch(cameras: ReadonlySet<string>): void;
  /** Somebody asked what the records of this camera tell. */
  asked(camera: string): void;
  stop(): Promise<void>;
}

export type OpenTracksFeed = (onRecord: (record: RecordOf<'tracks'>) => void) => TracksFeed;
