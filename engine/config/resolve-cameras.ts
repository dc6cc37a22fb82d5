import type { CameraSettings } from './camera-settings.ts';
import type { CameraEntry, Configuration } from './configuration.ts';

/** People watch at most this many pictures a second of a camera. */
const VIEW_FPS = 10;

/** The cameras of a configuration with every default filled in. */
export function resolveCameras({ cameras }: Pick<Configuration, 'cameras'>): CameraSettings[] {
  return cameras.map(resolveCamera);
}

function resolveCamera({ id, url, enabled, fps, freshness, transport, pace, start, view }: CameraEntry): CameraSettings {
  return {
    id,
    url,
    enabled,
    fps,
    freshnessMs: freshness,
    transport,
    pace,
    ...(start === undefined ? {} : { startMs: Date.parse(start) }),
    ...(view === false ? {} : { view: { width: view, fps: Math.min(fps, VIEW_FPS) } }),
  };
}
