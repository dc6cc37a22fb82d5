import type { SecretUrl } from '../secret.ts';

/** One camera as resolved from the configuration: every default filled in. */
export interface CameraSettings {
  readonly id: string;
  /** `rtsp:`, `rtsps:`; or `file:` with an absolute path of a video, or of a folder of images. */
  readonly url: SecretUrl;
  readonly enabled: boolean;
  /** Frames a second to look at. */
  readonly fps: number;
  /** A live frame older than this is not looked at. */
  readonly freshnessMs: number;
  readonly transport: 'tcp' | 'udp';
  /** Recordings: as fast as detection allows, or at the pace of the recording. */
  readonly pace: 'fast' | 'real-time';
  /** Recordings: the time of the first frame, milliseconds since 1970; default is the file's creation time, else 0. */
  readonly startMs?: number;
  /** Pictures for people: width in pixels and frames a second; `undefined` is off. */
  readonly view?: { readonly width: number; readonly fps: number };
}
