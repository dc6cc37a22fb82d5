import type { FieldError } from '../engine/config/check-camera.ts';
import type { ImageSize } from '../engine/records/record.ts';
import type { CameraFacts } from './protocol.ts';

/** What `GET /api/cameras` answers: every camera as it stands, and as the configuration file has it. */
export interface CamerasAnswer {
  readonly cameras: readonly CameraAnswer[];
  readonly configuration: Editing;
}

/** Whether cameras can be changed from here; if not, why, as a sentence. */
export type Editing = { readonly editable: true } | { readonly editable: false; readonly why: string };

export interface CameraAnswer extends CameraFacts {
  /** Absent when the file cannot be read, or does not have it any more. */
  readonly settings?: CameraKeys;
}

/** The keys of a camera as they hold, defaults filled in; see `schemas/config.v1.json`. */
export interface CameraKeys {
  readonly id: string;
  /** As it is written, with `***` for what is not shown; such an address can be sent back. */
  readonly url: string;
  readonly enabled: boolean;
  readonly fps: number;
  readonly freshness: number;
  readonly transport: 'tcp' | 'udp';
  readonly pace: 'fast' | 'real-time';
  readonly start?: string;
  readonly view: number | false;
}

/** What `POST /api/cameras/probe` answers. */
export type ProbeReply =
  | {
      readonly ok: true;
      readonly codec?: string;
      readonly fps?: number;
      readonly image: ImageSize;
      /** The first picture, as a `data:` address. */
      readonly picture: string;
    }
  | { readonly ok: false; readonly cause: string; readonly errors: readonly FieldError[] };

/** What every refusal says: all of it as one sentence, and each part at its field. */
export interface RefusalAnswer {
  readonly error: string;
  readonly code?: string;
  readonly errors: readonly FieldError[];
}

export type { FieldError };
