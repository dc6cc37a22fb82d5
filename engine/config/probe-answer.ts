import type { ImageSize } from '../records/record.ts';
import type { SecretUrl } from '../secret.ts';
import type { CameraSettings } from './camera-settings.ts';
import type { FieldError } from './check-camera.ts';

/** Where a camera is, and how it sends: what is needed to try it. */
export interface ProbeRequest {
  readonly url: SecretUrl;
  readonly transport: CameraSettings['transport'];
}

/** What a camera shows to who tries it. */
export interface FirstLook {
  readonly ok: true;
  /** As the decoder names it: `h264`. */
  readonly codec?: string;
  /** Frames a second, as the camera says or as they came; absent when too few came to tell. */
  readonly fps?: number;
  readonly image: ImageSize;
  /** Event time of the first picture, milliseconds since 1970 (of a recording when it begins), and how long it took to come. */
  readonly first: { readonly time: number; readonly tookMs: number };
  /** The first picture, at most 640 pixels in width. */
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/** What came out of trying a camera before it is saved. Nothing in it is a secret. */
export type ProbeAnswer =
  | FirstLook
  | {
      readonly ok: false;
      /** Such as `refused`, `timeout`, `authentication`, `not-found`, `codec`. */
      readonly cause: string;
      /** What happened and what to do, at `url`, `user` or `password`; with an empty field when it lies with Ocelli. */
      readonly errors: readonly FieldError[];
    };

/** Tries a camera. Never rejects for what a camera does. */
export type Probe = (request: ProbeRequest, signal: AbortSignal) => Promise<ProbeAnswer>;
