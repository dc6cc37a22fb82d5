import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OcelliError } from '../../engine/errors.ts';
import type { Letterbox } from '../../engine/frames/frame.ts';
import { decodePicture, type Picture } from '../../engine/pictures/picture.ts';
import { type Detection, DetectorSession, decodeYolo, type LoadedModel, loadModel } from '../../operators/detect/index.ts';
import { averagePrecision, type Curve, meanOf } from './average-precision.ts';
import type { Coco, CocoImage } from './coco.ts';
import { parseCoco } from './coco.ts';
import type { CocoDetection } from './coco-matching.ts';
import { letterboxedFrame } from './letterboxed-frame.ts';

/** Average precision over all IoU thresholds, at 0.5 and at 0.75, 0…1. */
export interface Precision {
  readonly objects: number;
  readonly ap: number;
  readonly ap50: number;
  readonly ap75: number;
}

export interface Evaluation {
  readonly frames: number;
  readonly all: Precision;
  readonly classes: Readonly<Record<string, Precision>>;
}

export type Carry = (pixels: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/** Everything that the model is at all sure of counts, as is usual for average precision. */
const SCORE = 0.001;
const MOST = 100;
const IOU_50 = 0;
const IOU_75 = 5;

/**
 * Measures a model on a split: `split` is a folder with `annotations.json` (COCO) and `images/`. The frames are made as the recipe
 * specifies, the model runs on one thread, and its answers are read by the code that the engine uses, with the evaluation's thresholds.
 * `carry` stands for the way of a frame to the model: it gets planar pixels, and gives back those that arrive.
 */
export async function evaluate(modelPath: string, split: string, carry: Carry = async (pixels) => pixels): Promise<Evaluation> {
  const loaded = await loadModel(modelPath);
  const model = { ...loaded, thresholds: { ...loaded.thresholds, scores: loaded.classes.map(() => SCORE), most: MOST } };
  const file = join(split, 'annotations.json');
  const truth = parseCoco(await readFile(file, 'utf8'), file);
  const detections = await detectAll(model, truth, split, carry);
  return summary(truth, averagePrecision(truth, detections));
}

async function detectAll(model: LoadedModel, truth: Coco, split: string, carry: Carry): Promise<CocoDetection[]> {
  const categories = categoryIds(model, truth);
  const session = await DetectorSession.open(model, 'cpu');
  try {
    const found: CocoDetection[] = [];
    for (const image of truth.images) found.push(...(await detectOne(session, model, image, split, categories, carry)));
    return found;
  } finally {
    await session.close();
  }
}

async function detectOne(
  session: DetectorSession,
  model: LoadedModel,
  image: CocoImage,
  split: string,
  categories: readonly number[],
  carry: Carry,
): Promise<CocoDetection[]> {
  const { pixels, letterbox } = letterboxedFrame(await readPicture(image, split), model.input);
  const answers = await session.run(await carry(pixels), 1);
  return decodeYolo(answers.of(0), answers.anchors, model.thresholds).map((detection) => ({
    imageId: image.id,
    categoryId: categories[detection.classIndex] ?? -1,
    bbox: boxInImage(detection, letterbox, image),
    score: detection.score,
  }));
}

async function readPicture({ file_name, width, height }: CocoImage, split: string): Promise<Picture> {
  const file = join(split, file_name.startsWith('images/') ? '' : 'images', file_name);
  const picture = await decodePicture(await readFile(file));
  if (picture.width === width && picture.height === height) return picture;
  const sentence = `the annotations say ${width}x${height}, the picture has ${picture.width}x${picture.height}`;
  throw new OcelliError('INPUT_INVALID', `${file}: ${sentence}.`, { file });
}

function boxInImage({ x1, y1, x2, y2 }: Detection, letterbox: Letterbox, { width, height }: CocoImage): CocoDetection['bbox'] {
  const [left, right] = [x1, x2].map((x) => clip(((x - letterbox.x) * width) / letterbox.width, width)) as [number, number];
  const [top, bottom] = [y1, y2].map((y) => clip(((y - letterbox.y) * height) / letterbox.height, height)) as [number, number];
  return [left, top, right - left, bottom - top];
}

function clip(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** The data set's category of each class of the model, by name. */
function categoryIds({ classes }: LoadedModel, { categories }: Coco): number[] {
  return classes.map((name) => {
    const category = categories.find((candidate) => candidate.name === name);
    if (category !== undefined) return category.id;
    const known = categories.map((candidate) => candidate.name).join(', ');
    throw new OcelliError(
      'INPUT_INVALID',
      `The model knows the class ${name}, the data set only ${known}. Take a data set with its classes.`,
    );
  });
}

function summary(truth: Coco, curves: readonly Curve[]): Evaluation {
  const named = curves.map(
    (curve) => [truth.categories.find(({ id }) => id === curve.categoryId)?.name ?? '', precisionOf([curve])] as const,
  );
  return { frames: truth.images.length, all: precisionOf(curves), classes: Object.fromEntries(named) };
}

function precisionOf(curves: readonly Curve[]): Precision {
  return {
    objects: curves.reduce((sum, { wanted }) => sum + wanted, 0),
    ap: meanOf(curves, 'precisions'),
    ap50: meanOf(curves, 'precisions', IOU_50),
    ap75: meanOf(curves, 'precisions', IOU_75),
  };
}
