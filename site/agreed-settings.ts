import type { Configuration } from '../engine/config/configuration.ts';
import { settingsHash } from '../engine/config/settings-hash.ts';
import type { LoadedModel } from '../operators/detect/index.ts';

/**
 * Hashes of the parts of a configuration that all members must agree on, by the name of the part: where two differ, cameras are judged by
 * one or the other, depending on who holds them. No password goes into a hash, and no path of a recording: it lies where it lies.
 */
export function agreedSettings(configuration: Configuration, model: LoadedModel): Readonly<Record<string, string>> {
  return {
    cameras: settingsHash({ cameras: configuration.cameras.map(printable) }),
    model: settingsHash({ ...model.provenance }),
    track: settingsHash({ track: configuration['track'] ?? {} }),
    frames: settingsHash({ frames: configuration.frames }),
  };
}

function printable({ url, ...camera }: Configuration['cameras'][number]): object {
  const address = String(url);
  return { ...camera, url: address.startsWith('file:') ? 'file:' : address };
}
