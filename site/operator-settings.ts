import type { Configuration, OperatorSettings } from '../engine/config/configuration.ts';
import type { LoadedModel } from '../operators/detect/index.ts';
import { trackSettings } from '../operators/track/index.ts';

/** The parts of the configuration file that operators bring, by their name. */
export const OPERATORS = { track: trackSettings } satisfies OperatorSettings;

/**
 * The model with its scores lowered to what the tracker can use: objects that are seen faintly carry on a track that was seen well
 * (ByteTrack's second association). The card's scores are where the model is best by itself.
 */
export function forTracking(model: LoadedModel, configuration: Configuration): LoadedModel {
  const { lowScore } = trackSettings.parse(configuration['track'] ?? {});
  const scores = model.thresholds.scores.map((score) => Math.min(score, lowScore));
  return { ...model, thresholds: { ...model.thresholds, scores } };
}
