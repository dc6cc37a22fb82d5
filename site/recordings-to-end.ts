import type { CameraStatus } from '../connectors/index.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { resolveCameras } from '../engine/config/resolve-cameras.ts';
import { OcelliError } from '../engine/errors.ts';
import { isRecording } from './camera-set.ts';

/** A run until the end of its recordings needs one. @throws OcelliError INPUT_INVALID */
export function refuseWithoutRecordings(configuration: Configuration, file: string): void {
  if (resolveCameras(configuration).some((camera) => camera.enabled && isRecording(camera))) return;
  throw new OcelliError(
    'INPUT_INVALID',
    `--until-end ends when every recording has ended, and ${file} has none that is enabled. Add a camera with an address file:…, or leave --until-end out.`,
    { file },
  );
}

/** The end of a run in which some recordings could not be opened. @throws OcelliError CAMERA_NOT_FOUND, unless there are none */
export function refuseMissing(missing: readonly CameraStatus[]): void {
  if (missing.length === 0) return;
  const each = missing.map(({ camera, detail = 'it could not be opened' }) => `${camera}: ${detail}`);
  throw new OcelliError(
    'CAMERA_NOT_FOUND',
    `${missing.length === 1 ? 'A recording was' : `${missing.length} recordings were`} not read. ${each.join(' ')} Run it again then: what was read is not read again.`,
    { cameras: missing.map(({ camera }) => camera) },
  );
}
