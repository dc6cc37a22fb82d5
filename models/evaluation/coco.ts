import { z } from 'zod';
import { OcelliError } from '../../engine/errors.ts';

const id = z.int().min(0);
const size = z.int().positive();
const boxNumbers = z.tuple([z.number(), z.number(), z.number().min(0), z.number().min(0)]);

const coco = z.object({
  images: z.array(z.object({ id, file_name: z.string().min(1), width: size, height: size })),
  categories: z.array(z.object({ id, name: z.string().min(1) })).min(1),
  annotations: z.array(
    z.object({
      id,
      image_id: id,
      category_id: id,
      bbox: boxNumbers,
      area: z.number().min(0),
      iscrowd: z.union([z.literal(0), z.literal(1)]).default(0),
    }),
  ),
});

/** Ground truth of object detection in the COCO format (https://cocodataset.org/#format-data); boxes are x, y, width, height in pixels. */
export type Coco = z.infer<typeof coco>;
export type CocoImage = Coco['images'][number];
export type CocoAnnotation = Coco['annotations'][number];

/**
 * Reads COCO ground truth. `file` is for the error only.
 *
 * @throws INPUT_INVALID naming the entry: not JSON, a missing or wrong field, an id twice, an annotation of an unknown image or category.
 */
export function parseCoco(text: string, file: string): Coco {
  const result = coco.safeParse(parseJson(text, file));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalid(file, `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { images, categories, annotations } = result.data;
  const known = { images: uniqueIds(images, 'images', file), categories: uniqueIds(categories, 'categories', file) };
  uniqueIds(annotations, 'annotations', file);
  annotations.forEach(({ image_id, category_id }, index) => {
    if (!known.images.has(image_id)) throw invalid(file, `annotations.${index}.image_id: there is no image ${image_id}`);
    if (!known.categories.has(category_id)) throw invalid(file, `annotations.${index}.category_id: there is no category ${category_id}`);
  });
  return result.data;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, 'is no JSON', error);
  }
}

function uniqueIds(entries: readonly { id: number }[], kind: string, file: string): Set<number> {
  const ids = new Set<number>();
  entries.forEach(({ id: number }, index) => {
    if (ids.has(number)) throw invalid(file, `${kind}.${index}.id: ${number} stands there twice`);
    ids.add(number);
  });
  return ids;
}

function invalid(file: string, sentence: string, cause?: unknown): OcelliError {
  return new OcelliError('INPUT_INVALID', `${file}: expected COCO annotations; ${sentence}.`, { cause, file });
}
