import type { Clock } from '../engine/clock.ts';
import type { Configuration, OperatorSettings } from '../engine/config/configuration.ts';
import { detect, type LoadedModel, workersOf } from '../operators/detect/index.ts';
import { trackSettings } from '../operators/track/index.ts';

/** The parts of the configuration file that operators bring, by their name. */
export const OPERATORS = { track: trackSettings } satisfies OperatorSettings;

/**
 * The model with its scores lowered to what the tracker can use: objects that are seen faintly carry on a track that was seen well
 * (ByteTrack's second association). The card's scores are where the model is best by itself.
 */
export function forTracking(model: LoadedModel, configuration: Configuration): LoadedModel {
  const lowScore = lowScoreOf(configuration);
  const scores = model.thresholds.scores.map((score) => Math.min(score, lowScore));
  return { ...model, thresholds: { ...model.thresholds, scores } };
}

/** The score down to which a detector, once started, tells of objects. */
export function lowScoreOf(configuration: Configuration): number {
  return trackSettings.parse(configuration['track'] ?? {}).lowScore;
}

/** The detector that a configuration asks for. */
export function detectorOf(model: LoadedModel, { provider, workers }: Configuration, clock: Clock): ReturnType<typeof detect> {
  return detect(model, { clock, provider, ...(workers === undefined ? {} : { workers }) });
}

/** How many detect workers a configuration makes. */
export function workerCount({ provider, workers }: Configuration): number {
  return workersOf(provider, workers);
}
