import { tryRecording } from '../connectors/index.ts';
import type { Obstacle } from '../engine/cli/application.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import type { JudgedParts } from '../engine/config/inspect-configuration.ts';
import { OcelliError } from '../engine/errors.ts';
import type { FrameEncoding } from '../engine/frames/frame-encoding.ts';
import { refuseTooLarge } from '../engine/frames/kafka/frame-size.ts';
import { type LoadedModel, loadModel, tryProvider } from '../operators/detect/index.ts';
import { modelPath } from './model-path.ts';
import { accessOf } from './server-address.ts';

/** What stands in the way of running a configuration: its model, who could reach its server, and the recordings of its cameras. */
export async function obstacles(
  { model, provider, server, log, frames, cameras }: JudgedParts,
  file: string,
): Promise<readonly Obstacle[]> {
  const found = await Promise.all([
    model === undefined ? undefined : modelObstacle(model, file),
    model === undefined || provider === undefined ? undefined : providerObstacle(provider, model, file),
    model === undefined || frames === undefined || log?.kind !== 'kafka' ? undefined : framesObstacle(frames, model, file),
    server === undefined ? undefined : obstacleAt(['server', 'host'], () => accessOf({ server })),
    ...cameras.map((camera, index) =>
      camera?.enabled ? obstacleAt(['cameras', index, 'url'], () => tryRecording(camera.url.reveal())) : undefined,
    ),
  ]);
  return found.filter((obstacle) => obstacle !== undefined);
}

/** Why a model cannot be used; `undefined` when it can. */
export function modelObstacle(model: string, file: string): Promise<Obstacle | undefined> {
  return obstacleAt(['model'], () => loadModel(modelPath(model, file)));
}

/** Why a model cannot run where it is meant to. */
async function providerObstacle(provider: Configuration['provider'], model: string, file: string): Promise<Obstacle | undefined> {
  const loaded = await usable(model, file);
  return loaded && obstacleAt(['provider'], () => tryProvider(loaded, provider));
}

/** Why frames of a model cannot travel over Kafka. */
async function framesObstacle(frames: FrameEncoding, model: string, file: string): Promise<Obstacle | undefined> {
  const loaded = await usable(model, file);
  return loaded && obstacleAt(['frames'], () => refuseTooLarge(loaded.input, frames));
}

/** `undefined`: it cannot be used, which is an obstacle of its own. */
function usable(model: string, file: string): Promise<LoadedModel | undefined> {
  return loadModel(modelPath(model, file)).catch(() => undefined);
}

/** In the words of a start that fails for it, without the name of the place where they begin with it. */
async function obstacleAt(path: Obstacle['path'], tryIt: () => unknown): Promise<Obstacle | undefined> {
  try {
    await tryIt();
    return undefined;
  } catch (error) {
    if (!(error instanceof OcelliError)) throw error;
    return { path, sentence: error.message.replace(new RegExp(`^${path.join('.')}:? `), '') };
  }
}
