import { join } from 'node:path';
import { z } from 'zod';
import { modelCard, readModelCard } from '../../operators/detect/index.ts';
import { table } from './table.ts';

const figure = z.object({ value: z.number(), low: z.number(), high: z.number() });
const figures = z.object({ objects: z.int().min(0), ap: figure, ap50: figure, ap75: figure });

/** The whole `card.yaml`: what running a model needs, and what people want to know of it. */
export const fullCard = modelCard.extend({
  training: z.looseObject({
    command: z.string(),
    seed: z.int(),
    codeVersion: z.string(),
    images: z.int(),
    hours: z.number(),
    hardware: z.string(),
  }),
  speed: z.looseObject({
    gflop: z.number(),
    parameters: z.int(),
    medianMs: z.number(),
    threads: z.int(),
    runs: z.int(),
    runtime: z.string(),
  }),
  holdout: z.object({
    frames: z.int().positive(),
    evaluation: z.looseObject({ score: z.number(), maxDetections: z.int().positive() }),
    all: figures,
    classes: z.record(z.string(), figures),
  }),
  limits: z.array(z.string()),
});

export type FullCard = z.infer<typeof fullCard>;
export type Figure = z.infer<typeof figure>;

/** Reads the card of a model's folder. Throws MODEL_INVALID naming the field. */
export function readFullCard(folder: string): Promise<FullCard> {
  return readModelCard(join(folder, 'card.yaml'), fullCard);
}

/** The card for a terminal: accuracy by class with 95 % intervals, then facts, then known limits. */
export function cardText(card: FullCard): string {
  return [accuracy(card), facts(card), ['Known limits:', ...card.limits.map((limit) => `- ${limit}`)].join('\n')].join('\n\n');
}

function accuracy({ holdout }: FullCard): string {
  const rows = Object.entries({ all: holdout.all, ...holdout.classes }).map(([name, { objects, ap50, ap75, ap }]) => [
    name,
    String(objects),
    ...[ap50, ap75, ap].map(withInterval),
  ]);
  return table([[`holdout, ${holdout.frames} frames`, 'objects', 'AP50 (95 %)', 'AP75 (95 %)', 'AP (95 %)'], ...rows]);
}

function facts({ name, version, sha256, dataset, thresholds, speed, training }: FullCard): string {
  const { iou, perClass } = thresholds.nms;
  return table([
    ['fact', 'value'],
    ['model', `${name} ${version}, SHA-256 ${sha256}`],
    ['data set', `${dataset.name}, SHA-256 ${dataset.sha256 ?? 'not stated'}`],
    ['operations', `${speed.gflop} GFLOP a frame, ${speed.parameters} parameters`],
    ['speed', `${speed.medianMs} ms, ${speed.threads} thread, median of ${speed.runs} runs, ${speed.runtime}`],
    ['thresholds', `score ${thresholds.score}, suppression at IoU ${iou} ${perClass ? 'within a class' : 'over all classes'}`],
    ['training', `${training.images} frames, ${training.hours} h on ${training.hardware}, seed ${training.seed}`],
    ['command', training.command],
  ]);
}

function withInterval({ value, low, high }: Figure): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}
