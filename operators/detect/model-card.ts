import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';

const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

const thresholds = z.object({
  score: share.describe('Boxes below this score are left out.'),
  perClass: z.record(z.string(), share).optional().describe('Scores for single classes, where they differ.'),
  nms: z.object({
    iou: share.describe('A box gives way to a better one when they overlap by more than this.'),
    perClass: z.boolean().describe('Only to a better one of its own class.'),
  }),
});

/** The part of `card.yaml` that running a model needs. What a card says beyond it is for people. */
export const modelCard = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  sha256,
  dataset: z.object({ name: z.string().min(1), sha256: sha256.optional() }),
  classes: z.array(z.string().min(1)).min(1),
  input: z.object({
    width: z.int().positive(),
    height: z.int().positive(),
    layout: z.literal('nchw'),
    type: z.enum(['uint8', 'float32']),
    colour: z.literal('rgb'),
    letterbox: z.object({ pad: z.int().min(0).max(255) }),
  }),
  output: z.object({ layout: z.literal('yolo') }),
  thresholds,
});

export type ModelCard = z.infer<typeof modelCard>;

/** Reads a card, by default the part that running needs. Throws MODEL_INVALID naming the field. */
export function readModelCard(file: string): Promise<ModelCard>;
export function readModelCard<T>(file: string, schema: z.ZodType<T>): Promise<T>;
export async function readModelCard(file: string, schema: z.ZodType = modelCard): Promise<unknown> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OcelliError('MODEL_INVALID', `${file}: a model folder needs a card.yaml that can be read: ${sentenceOf(error)}.`, {
      cause: error,
      file,
    });
  });
  const result = schema.safeParse(parseYaml(file, content));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new OcelliError(
    'MODEL_INVALID',
    `${file}: ${issue?.path.join('.')}: ${issue?.message}. Write the card again with the model's recipe.`,
    { file },
  );
}

function parseYaml(file: string, content: string): unknown {
  try {
    return parse(content);
  } catch (error) {
    throw new OcelliError('MODEL_INVALID', `${file}: is no YAML: ${sentenceOf(error)}`, { cause: error, file });
  }
}
