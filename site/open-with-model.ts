import { findFfmpeg } from '../connectors/index.ts';
import type { StartOptions } from '../engine/cli/application.ts';
import { SystemClock } from '../engine/clock.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { loadModel, tryProvider } from '../operators/detect/index.ts';
import { modelPath } from './model-path.ts';
import { forTracking } from './operator-settings.ts';
import { openSiteParts, type SiteParts } from './site-parts.ts';

/** Loads the model of a configuration and finds ffmpeg, then opens what all parts share. A process that `detects` tries its provider first. */
export async function openWithModel(
  configuration: Configuration,
  { file, logger, listen }: StartOptions,
  { detects }: { readonly detects: boolean },
): Promise<SiteParts> {
  const [loaded, ffmpeg] = await Promise.all([loadModel(modelPath(configuration.model, file)), findFfmpeg()]);
  if (ffmpeg.warning !== undefined) logger.warn({ ffmpeg: ffmpeg.path }, ffmpeg.warning);
  if (detects) await tryProvider(loaded, configuration.provider);
  const model = forTracking(loaded, configuration);
  return openSiteParts({ configuration, file, listen, logger, clock: new SystemClock(), model, ffmpeg });
}
