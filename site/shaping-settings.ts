import type { SettingsInForce } from '../connectors/index.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { settingsHash } from '../engine/config/settings-hash.ts';
import type { SettingsChange } from '../engine/runtime/keyed/replay.ts';
import type { LoadedModel } from '../operators/detect/index.ts';

/**
 * The settings that shape a camera's results, with their hash: what its `settings` marks tell. Where the camera is, how it is connected,
 * and where records are kept are not among them.
 */
export function shapingSettings(camera: CameraSettings, configuration: Configuration, model: LoadedModel): SettingsInForce {
  const settings = {
    fps: camera.fps,
    model: { ...model.provenance, thresholds: model.thresholds },
    track: configuration['track'] ?? {},
  };
  return { hash: settingsHash(settings), settings };
}

/** For a replay: what the operators' settings of a configuration make of recorded settings. Detection is over, its settings stay. */
export function settingsOf(configuration: Configuration): SettingsChange {
  return (recorded) => {
    const settings = { ...recorded, track: configuration['track'] ?? {} };
    return { hash: settingsHash(settings), settings };
  };
}
