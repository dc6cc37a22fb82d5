import { tryRecording } from '../connectors/index.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import { sentenceOf } from '../engine/errors.ts';
import { isRecording } from './camera-set.ts';

/** Which recordings lie on this machine: only who can open one may hold its lease. */
export class RecordingsHere {
  /** Why each of the others cannot be opened, by camera. */
  missing: ReadonlyMap<string, string> = new Map();

  /** Looks anew; what is not there yet may come. */
  async look(cameras: readonly CameraSettings[]): Promise<void> {
    const looked = cameras.filter(isRecording).map(async ({ id, url }) => [id, await problemOf(url.reveal())] as const);
    this.missing = new Map((await Promise.all(looked)).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }
}

async function problemOf(address: string): Promise<string | undefined> {
  try {
    await tryRecording(address);
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}
