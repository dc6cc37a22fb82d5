import { z } from 'zod';
import { OcelliError } from '../../engine/errors.ts';

const share = z.number().min(0).max(1);

/**
 * What shapes the tracks of a camera. Scores are those of detections, similarities are IoU (times the score where `fuseScore` says so),
 * all in 0…1. Changed by a `settings` mark under the name `track`; what such a mark leaves out has its default.
 */
export const trackSettings = z
  .strictObject({
    highScore: share
      .default(0.5)
      .describe('Detections of at least this score are matched first. Lower: fainter objects are followed, more false tracks begin.'),
    lowScore: share
      .default(0.1)
      .describe(
        'Detections between this and `highScore` only carry on tracks. Lower: tracks survive deeper occlusion, and more clutter draws them off.',
      ),
    startScore: share
      .optional()
      .describe(
        'An unmatched detection of at least this score begins a track; `highScore` when left out. Higher: fewer false tracks, later starts.',
      ),
    fuseScore: z
      .boolean()
      .default(true)
      .describe('Multiplies the IoU of high detections by their score, so that of two boxes on one object the surer one is taken.'),
    sureMatch: share
      .default(0.2)
      .describe('Least similarity between a track and a high detection. Higher: fewer mix-ups, more tracks torn by fast motion.'),
    faintMatch: share
      .default(0.5)
      .describe('Least similarity (IoU alone) between a track and a low detection. Higher: less drift onto clutter, shorter tracks.'),
    labelPenalty: share
      .default(0.3)
      .describe(
        'Share of the similarity that is lost when the labels differ. 0: labels do not matter; 1: a track never takes another label.',
      ),
    labelMemoryMs: z
      .number()
      .positive()
      .default(2000)
      .describe(
        'Votes for the label of a track lose weight over about this time. Longer: a steadier label that follows a true change later.',
      ),
    labelHysteresis: z
      .number()
      .min(1)
      .default(1.5)
      .describe('A rival label wins when its votes exceed those of the present one by this factor. Higher: fewer changes of label.'),
    confirmSightings: z
      .int()
      .min(1)
      .default(2)
      .describe('So many sightings make a tentative track a confirmed one. Higher: fewer false tracks, later confirmation.'),
    confirmMs: z
      .number()
      .min(0)
      .default(250)
      .describe('A tentative track that a frame misses ends once this time has passed since its first sighting. 0: at the first miss.'),
    coastMs: z
      .number()
      .min(0)
      .default(1000)
      .describe('How long a confirmed track goes on unseen. Longer: more occlusions are bridged, more mix-ups afterwards.'),
    nominalFps: z
      .number()
      .positive()
      .default(30)
      .describe('Frames a second for which the motion filter is tuned: its noise a second. Lower: motion is taken to be calmer.'),
  })
  .refine(({ lowScore, highScore }) => lowScore <= highScore, { message: 'must not exceed highScore', path: ['lowScore'] });

export type TrackSettings = z.infer<typeof trackSettings>;

export const DEFAULT_TRACK_SETTINGS: TrackSettings = trackSettings.parse({});

/** The settings in a `settings` mark. Throws RECORD_INVALID, naming the field, when they are not valid. */
export function parseTrackSettings(value: unknown): TrackSettings {
  const parsed = trackSettings.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new OcelliError(
    'RECORD_INVALID',
    `The settings mark should hold valid tracking settings under "track", but: ${z.prettifyError(parsed.error)}. Correct the settings of this camera.`,
    { settings: value },
  );
}
