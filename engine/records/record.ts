import { z } from 'zod';

/**
 * The records that Ocelli writes: what they hold, in which units and ranges. These definitions parse what comes from outside and are the
 * source of the published schemas in `schemas/`. Times are integer milliseconds since 1970, boxes `[x, y, width, height]` in 0…1 of the
 * source picture.
 */
export const CAMERA_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const cameraId = z.string().regex(CAMERA_ID).describe('The camera: 1 to 64 letters, digits, - or _, beginning with a letter or digit.');
const count = z.int().min(0);
const time = z
  .int()
  .min(0)
  .describe('When it was captured: milliseconds since 1970, by the clock that the record names. Never falls within a camera.');
const share = z.number().min(0).max(1);

export const box = z
  .tuple([share, share, share, share])
  .describe('[x, y, width, height] in 0…1 of the source picture; x and y of the upper left corner.');
const imageSize = z.strictObject({ width: z.int().positive(), height: z.int().positive() }).describe('The source picture, in pixels.');
export const clock = z
  .enum(['arrival', 'recording', 'camera'])
  .describe('Which clock `time` comes from: arrival at the connector, the recording, or the camera itself.');

export const provenance = z
  .strictObject({
    name: z.string().min(1),
    version: z.string().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    dataset: z.string(),
    settings: z.string().describe('Hash of the settings that shaped the result; the `settings` mark before it holds them.'),
  })
  .describe('Which model said it, what it was trained on, and under which settings.');

const common = { v: z.literal(1), id: z.string(), camera: cameraId, session: count.describe('Which opening of the camera.') };

export const gapReason = z.enum(['stale', 'overload', 'still', 'failed', 'lost', 'broker', 'decode', 'skipped']);
export const gapRecord = z
  .strictObject({ ...common, type: z.literal('gap'), from: count, to: count, time, until: time, reason: gapReason })
  .refine(({ from, to }) => to >= from, { path: ['to'], error: 'expected a place at or behind `from`' })
  .refine(({ time, until }) => until >= time, { path: ['until'], error: 'expected a time at or after `time`' })
  .describe(
    'Frames that were not looked at: the places from…to, captured between `time` and `until`, and why. `to` is never below `from`, nor `until` below `time`.',
  );

export const markRecord = z
  .strictObject({
    ...common,
    type: z.literal('mark'),
    seq: count,
    time,
    mark: z.enum(['up', 'down', 'end', 'heartbeat', 'settings', 'clock']),
    cause: z.string().optional().describe('For `down` and `end`: the class of the cause, such as `timeout` or `refused`.'),
    detail: z.string().optional().describe('One sentence for people.'),
    since: time.optional().describe('For `up`, `down` and `end`: the time of the last frame before it, if there was one.'),
    start: time
      .optional()
      .describe('For `up` of a recording that goes on after it was disabled: the time of the first picture of the recording.'),
    source: z
      .strictObject({ ...imageSize.shape, codec: z.string(), fps: z.number().positive() })
      .partial()
      .optional(),
    hash: z.string().optional().describe('For `settings`: the hash that records behind it carry in `model.settings`.'),
    settings: z.record(z.string(), z.unknown()).optional().describe('For `settings`: the resolved settings that shape results.'),
    correctionMs: z
      .int()
      .optional()
      .describe('For `clock`: by how much the clock was set: forward above 0, back below. Event time leaps by at most that.'),
  })
  .describe('What happened to the stream of a camera.');

export const detectedObject = z.strictObject({ label: z.string().min(1), score: share, box });

export const pictureStatistics = z
  .record(z.string(), z.number())
  .describe('Statistics of the picture itself, about once a second: brightness, contrast (0…255), sharpness (variance of the Laplacian).');

const look = {
  ...common,
  seq: count,
  time,
  clock,
  image: imageSize,
  model: provenance,
  picture: pictureStatistics.optional(),
  timing: z
    .strictObject({ decoded: z.number(), waited: z.number(), inferred: z.number() })
    .describe('Milliseconds spent; the only part that may differ in a replay.'),
};

export const detectionsRecord = z
  .strictObject({ ...look, type: z.literal('detections'), objects: z.array(detectedObject) })
  .describe('What the model saw in one frame.');

const trackState = z.enum(['tentative', 'confirmed', 'coasting']);
export const trackedObject = detectedObject.extend({
  track: z.string().describe('The track: camera/session/number. Never used again for another object.'),
  state: trackState.describe(
    'tentative: seen, not yet trusted; confirmed: seen in this frame; coasting: predicted, not seen in this frame.',
  ),
  since: time.describe('When the track was first seen.'),
});

export const tracksRecord = z
  .strictObject({ ...look, type: z.literal('tracks'), objects: z.array(trackedObject) })
  .describe('The objects of one frame with the tracks that they belong to.');

export const alertRecord = z
  .strictObject({
    ...common,
    type: z.literal('alert'),
    seq: count,
    time,
    alert: z.string().describe('Which alert: the id of the record that opened it.'),
    kind: z
      .enum(['camera-down', 'camera-degraded'])
      .describe('camera-down: no frames; camera-degraded: frames are lost, more than half of a minute.'),
    state: z.enum(['opened', 'updated', 'closed']),
    since: time.describe('When it was opened.'),
    cause: z.string().optional().describe('The class of the cause, as in the mark.'),
    sentence: z.string().describe('What happened, for people.'),
  })
  .describe('Something that a person should know. Later records of the same alert replace earlier ones.');

export const deadLetterRecord = z
  .strictObject({
    ...common,
    camera: cameraId.describe('The camera, where it could be read of the record; else `unknown`.'),
    session: count.describe('Which opening of the camera; 0, which no camera ever has, where the place could not be read.'),
    type: z.literal('dead-letter'),
    seq: count,
    time,
    task: z.string().optional().describe('Who could not process it: the name of the task and its partition, such as `analyse/0`.'),
    topic: z.string().describe('Where the record stood.'),
    position: count.describe('Its position in that topic.'),
    code: z.string(),
    detail: z.string(),
    record: z.unknown().describe('The record as it was read.'),
  })
  .describe('A record that could not be processed.');

export type Box = z.infer<typeof box>;
export type ImageSize = z.infer<typeof imageSize>;
export type Provenance = z.infer<typeof provenance>;
export type GapReason = z.infer<typeof gapReason>;
export type GapRecord = z.infer<typeof gapRecord>;
export type MarkRecord = z.infer<typeof markRecord>;
export type DetectedObject = z.infer<typeof detectedObject>;
export type DetectionsRecord = z.infer<typeof detectionsRecord>;
export type TrackState = z.infer<typeof trackState>;
export type TrackedObject = z.infer<typeof trackedObject>;
export type TracksRecord = z.infer<typeof tracksRecord>;
export type AlertRecord = z.infer<typeof alertRecord>;
export type DeadLetterRecord = z.infer<typeof deadLetterRecord>;

/** A record of a topic that tells the whole account of a camera. */
export type StreamRecord = DetectionsRecord | TracksRecord | GapRecord | MarkRecord;
