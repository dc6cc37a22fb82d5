import { z } from 'zod';
import { CAMERA_ID } from '../records/record.ts';
import type { SecretUrl } from '../secret.ts';
import { readCameraUrl, UrlProblem } from './camera-url.ts';
import { framesSettings } from './frames-settings.ts';
import { logAddress } from './log-address.ts';
import { picturesSettings } from './pictures-settings.ts';
import { sizeText } from './size-text.ts';
import { stateAddress } from './state-address.ts';

/**
 * The configuration file: every key, its range, its default, and what a change of it does. Parsing, error messages, the reference and
 * the JSON Schema for editors come from here. A camera without the `file` that it stands in came over the network.
 */
export const cameraSchema = (file?: string) =>
  z.strictObject({
    id: z
      .string()
      .regex(CAMERA_ID, 'expected 1 to 64 letters, digits, - or _, beginning with a letter or digit')
      .describe('Name of the camera: the key of all its records. A new id is a new camera.'),
    url: z
      .string()
      .transform((text, context) => readUrl(text, file, context))
      .describe('rtsp://user:${PASSWORD}@host/path, rtsps://…, or file: with a video or a folder of images, relative to this file.'),
    fps: z.number().min(0.1).max(60).default(10).describe('Frames a second to look at. More sees faster things and costs as much more.'),
    enabled: z.boolean().default(true).describe('false keeps the camera in the file and leaves it alone.'),
    freshness: z
      .int()
      .min(50)
      .max(60_000)
      .default(500)
      .describe('Live: a frame older than this many milliseconds is not looked at but told in a gap.'),
    transport: z
      .enum(['tcp', 'udp'])
      .default('tcp')
      .describe('How an RTSP camera sends. tcp loses nothing; udp is for cameras that cannot do tcp.'),
    pace: z.enum(['fast', 'real-time']).default('fast').describe('Recordings: as fast as detection allows, or at their own pace.'),
    start: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Recordings: when the first frame was captured. Default: creation time of the file, else 1970.'),
    view: z
      .union([z.literal(false), z.int().min(160).max(1920)], 'expected false, or a whole number of pixels from 160 to 1920')
      .default(640)
      .describe('Width in pixels of the picture for people; false for none.'),
  });

function readUrl(text: string, file: string | undefined, context: z.core.$RefinementCtx): SecretUrl {
  try {
    return readCameraUrl(text, file);
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
}

const server = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on. Other than this machine only with a token.'),
  port: z.int().min(0).max(65_535).default(8080).describe('0 takes a free one.'),
  token: z.string().min(8, 'expected at least 8 characters').optional().describe('Asked of everybody who connects.'),
});

const size = sizeText.describe(
  'At most this much is kept on disk, oldest given up first; default with SQLite 4 GiB, with Kafka what comes in the time of each topic.',
);

/** Settings of operators stand under the operator's name; each operator brings the definition of its own. */
export type OperatorSettings = Readonly<Record<string, z.ZodType>>;

/** @param file the configuration file: relative paths begin there, and without it no `file:` address is taken. */
export function configurationSchema(operators: OperatorSettings = {}, file?: string) {
  return z.strictObject({
    cameras: z.array(cameraSchema(file)).max(10_000).default([]).describe('The cameras.'),
    model: z.string().min(1).default('models/parcels').describe('A folder with a card, or a YOLO export: path/to/model.onnx.'),
    provider: z
      .enum(['cpu', 'cuda'])
      .default('cpu')
      .describe('Where the model runs. cuda needs an NVIDIA GPU and the CUDA libraries of onnxruntime.'),
    workers: z.int().min(1).max(256).optional().describe('Inference workers; default: one a core, with cuda one.'),
    log: logAddress,
    state: stateAddress,
    frames: framesSettings,
    keep: size.optional(),
    pictures: picturesSettings,
    timezone: z
      .string()
      .refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', 'expected a time zone such as Europe/Berlin')
      .optional()
      .describe('For schedules, hours of the day and days; default: that of the machine.'),
    server: server.prefault({}).describe('The live view and the API.'),
    ...Object.fromEntries(Object.entries(operators).map(([name, schema]) => [name, schema.optional()])),
  });
}

export type Configuration = z.infer<ReturnType<typeof configurationSchema>> & Readonly<Record<string, unknown>>;
export type CameraEntry = Configuration['cameras'][number];
