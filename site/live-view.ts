import { statSync } from 'node:fs';
import type { CameraStatus } from '../connectors/index.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { resolveCameras } from '../engine/config/resolve-cameras.ts';
import type { LiveSite, SiteCamera, SiteCameraStatus } from '../ui/server/live/live-site.ts';
import { isRecording } from './camera-set.ts';
import { KEEP } from './open-log.ts';
import type { SiteParts } from './site-parts.ts';
import { sizeBytes } from './store-address.ts';

export interface SiteWork {
  /** The newest configuration. */
  readonly configuration: () => Configuration;
  /** By camera, as far as anybody tells. */
  readonly statuses: () => ReadonlyMap<string, CameraStatus>;
  /** Inference workers. */
  readonly workers: () => number;
}

/** The site as the live view asks for it. */
export function liveSite({ configuration, model, logFile }: SiteParts, work: SiteWork): LiveSite {
  return {
    // Not before somebody asks: the machine's time zone takes some 20 ms of the start to find out.
    get timezone() {
      return configuration.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    model: { ...model.provenance, classes: model.classes },
    cameras: () => {
      const statuses = work.statuses();
      return resolveCameras(work.configuration()).map((camera) => siteCamera(camera, statuses.get(camera.id)));
    },
    workers: work.workers,
    // Brokers know the size of a log that they keep.
    log: () => ({
      bytes: logFile === undefined ? 0 : sizeOnDisk(logFile),
      limitBytes: logFile === undefined ? 0 : sizeBytes(configuration.keep ?? KEEP),
    }),
  };
}

function siteCamera(camera: CameraSettings, status: CameraStatus | undefined): SiteCamera {
  const { id, url, fps, freshnessMs, view, enabled } = camera;
  return {
    id,
    kind: isRecording(camera) ? 'recording' : 'live',
    address: String(url),
    targetFps: fps,
    freshnessMs,
    viewWidth: view?.width ?? 0,
    enabled,
    status: status && statusOf(status),
  };
}

function statusOf({ counters, camera: _id, ...status }: CameraStatus): SiteCameraStatus {
  const { frames, decodeErrors, restarts } = counters;
  return { ...status, frames, decodeErrors, restarts: { ...restarts } };
}

/** The database and what is not yet merged into it. */
function sizeOnDisk(database: string): number {
  return [database, `${database}-wal`].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
