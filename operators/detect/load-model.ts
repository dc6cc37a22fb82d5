import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Model } from '../../engine/contract/model.ts';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { parseClassNames } from './class-names.ts';
import { type DetectorGraph, readDetectorGraph } from './detector-graph.ts';
import { type ModelCard, readModelCard } from './model-card.ts';
import { type OnnxHeader, readOnnxHeader } from './onnx-header.ts';
import type { Thresholds } from './yolo-decode.ts';

/** A model that was judged and can be opened by worker threads. Plain data. */
export interface LoadedModel extends Model {
  /** Absolute path of the ONNX file: it is loaded by path, never from memory. */
  readonly file: string;
  readonly graph: DetectorGraph;
  readonly thresholds: Thresholds;
}

/** For a bare export without a card: what Ultralytics predicts with, and the grey of its letterbox. */
const BARE = { score: 0.25, nms: { iou: 0.7, perClass: true }, pad: 114, most: 300 };

/**
 * Reads and judges a model without running it.
 *
 * @param path a folder with `card.yaml` and `model.onnx`, or an `.onnx` file of the YOLO export layout with `names` in its metadata.
 * @throws MODEL_INVALID when it is missing, no ONNX file, keeps weights in other files, has another layout, or differs from its card.
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  const place = resolve(path);
  const kind = await stat(place).catch((error: unknown) => {
    throw invalid(place, 'expected a folder with card.yaml and model.onnx, or an .onnx file; it cannot be read', error);
  });
  return kind.isDirectory() ? loadFolder(place) : loadBare(place);
}

async function loadFolder(folder: string): Promise<LoadedModel> {
  const card = await readModelCard(join(folder, 'card.yaml'));
  const file = join(folder, 'model.onnx');
  const { header, sha256 } = await readOnnx(file);
  const graph = judge(file, () => readDetectorGraph(header, card.classes.length));
  compareWithCard(file, card, sha256, graph, header);
  const { name, version, dataset, classes, thresholds, input } = card;
  return {
    provenance: { name, version, sha256, dataset: dataset.name },
    classes,
    input: { width: graph.width, height: graph.height, pad: input.letterbox.pad },
    file,
    graph,
    thresholds: { scores: classes.map((label) => thresholds.perClass?.[label] ?? thresholds.score), nms: thresholds.nms, most: BARE.most },
  };
}

async function loadBare(file: string): Promise<LoadedModel> {
  const { header, sha256 } = await readOnnx(file);
  const classes = judge(file, () => namesOf(header));
  const graph = judge(file, () => readDetectorGraph(header, classes.length));
  return {
    provenance: { name: basename(file, '.onnx'), version: sha256.slice(0, 12), sha256, dataset: 'unknown' },
    classes,
    input: { width: graph.width, height: graph.height, pad: BARE.pad },
    file,
    graph,
    thresholds: { scores: classes.map(() => BARE.score), nms: BARE.nms, most: BARE.most },
  };
}

async function readOnnx(file: string): Promise<{ header: OnnxHeader; sha256: string }> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw invalid(file, 'expected an ONNX file', error);
  });
  if (bytes.length === 0) throw invalid(file, 'expected an ONNX file; it is empty');
  const header = judge(file, () => readOnnxHeader(bytes));
  refuseForeignParts(file, header);
  return { header, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function refuseForeignParts(file: string, { externalTensors, functions }: OnnxHeader): void {
  if (externalTensors.length > 0) {
    const named = externalTensors.slice(0, 3).join(', ');
    throw invalid(file, `${externalTensors.length} of its tensors lie in other files (${named}); save the model with all data inside`);
  }
  // Chains of local functions and recursive ones crash onnxruntime while it loads them; no detector export needs them.
  if (functions.length > 0) {
    throw invalid(file, `it defines functions of its own (${functions.slice(0, 3).join(', ')}); export with functions inlined`);
  }
}

function namesOf({ metadata }: OnnxHeader): string[] {
  const names = metadata.get('names');
  if (names === undefined)
    throw new RangeError('its metadata has no "names"; put it into a folder with a card.yaml that lists the classes');
  return parseClassNames(names);
}

function compareWithCard(file: string, card: ModelCard, sha256: string, graph: DetectorGraph, header: OnnxHeader): void {
  const names = header.metadata.get('names');
  const inFile = names === undefined ? card.classes : judge(file, () => parseClassNames(names));
  const { width, height, type } = card.input;
  compare(file, 'SHA-256', card.sha256, sha256);
  compare(file, 'classes', card.classes.join(', '), inFile.join(', '));
  compare(file, 'input', `${width}x${height} ${type}`, `${graph.width}x${graph.height} ${graph.inputType}`);
}

function compare(file: string, what: string, inCard: string, inFile: string): void {
  if (inCard === inFile) return;
  throw invalid(file, `the card beside it was written for another model: its ${what} says ${inCard}, the file has ${inFile}`);
}

function judge<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw invalid(file, 'expected an ONNX detector of the YOLO export layout', error);
    throw error;
  }
}

function invalid(file: string, sentence: string, cause?: unknown): OcelliError {
  const reason = cause === undefined ? '' : `: ${sentenceOf(cause)}`;
  return new OcelliError('MODEL_INVALID', `model ${file}: ${sentence}${reason}.`, { cause, file });
}
