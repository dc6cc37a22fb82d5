import type { ImageSize } from '../../engine/records/record.ts';
import type { OnnxHeader, OnnxValue } from './onnx-header.ts';

const FLOAT32 = 1;
const UINT8 = 2;
const TYPE_NAMES = new Map([
  [FLOAT32, 'float32'],
  [UINT8, 'uint8'],
  [3, 'int8'],
  [7, 'int64'],
  [10, 'float16'],
  [11, 'float64'],
]);

/** How frames go into a detector and where its answer comes out. Plain data: it travels to the worker threads. */
export interface DetectorGraph {
  readonly inputName: string;
  /** `uint8`: the bytes as they are. `float32`: bytes divided by 255, as YOLO exports expect them. */
  readonly inputType: 'uint8' | 'float32';
  readonly width: number;
  readonly height: number;
  /** Frames in one run; undefined when the graph takes any number. */
  readonly fixedBatch: number | undefined;
  readonly outputName: string;
}

/** Bytes of one frame: planar RGB. */
export function frameBytesOf({ width, height }: DetectorGraph): number {
  return 3 * width * height;
}

/**
 * Checks that a graph is a detector of the common YOLO export layout: one input `[n, 3, height, width]`, one output
 * `[n, 4 + classes, anchors]`. A free height or width is taken from the metadata key `imgsz`. Throws a `RangeError` with a sentence.
 */
export function readDetectorGraph(header: OnnxHeader, classes: number): DetectorGraph {
  const input = only(header.inputs, 'input');
  const output = only(header.outputs, 'output');
  checkOutput(output, classes);
  const [batch, channels, height, width] = rankOf(input, 4, '[n, 3, height, width]');
  if (channels !== 3) throw new RangeError(`the input "${input.name}" should have 3 channels (red, green, blue), it has ${channels}`);
  return {
    inputName: input.name,
    inputType: inputType(input),
    ...inputSize(height, width, header.metadata.get('imgsz')),
    fixedBatch: typeof batch === 'number' && batch > 0 ? batch : undefined,
    outputName: output.name,
  };
}

function only(values: readonly OnnxValue[], kind: string): OnnxValue {
  const [first] = values;
  if (first !== undefined && values.length === 1) return first;
  throw new RangeError(`expected one ${kind}, it has ${values.length}: ${values.map(({ name }) => name).join(', ')}`);
}

function rankOf({ name, shape }: OnnxValue, rank: number, wanted: string): readonly (number | string)[] {
  if (shape?.length === rank) return shape;
  throw new RangeError(`"${name}" should have the shape ${wanted}, it has ${shape === undefined ? 'none' : `[${shape.join(', ')}]`}`);
}

function checkOutput(output: OnnxValue, classes: number): void {
  const wanted = `[n, ${4 + classes}, anchors] (4 + ${classes} classes)`;
  const [, rows] = rankOf(output, 3, wanted);
  if (typeof rows === 'number' && rows !== 4 + classes) {
    throw new RangeError(
      `"${output.name}" should have the shape ${wanted}, it has [${output.shape?.join(', ')}]; export without "nms" or "end2end"`,
    );
  }
  if (output.elementType !== FLOAT32) throw new RangeError(`"${output.name}" should be float32, it is ${typeName(output)}`);
}

function inputType(input: OnnxValue): 'uint8' | 'float32' {
  if (input.elementType === UINT8) return 'uint8';
  if (input.elementType === FLOAT32) return 'float32';
  throw new RangeError(`the input "${input.name}" should be uint8 or float32, it is ${typeName(input)}; export without "half"`);
}

function typeName({ elementType }: OnnxValue): string {
  return TYPE_NAMES.get(elementType) ?? `of the ONNX type ${elementType}`;
}

function inputSize(height: number | string | undefined, width: number | string | undefined, imgsz: string | undefined): ImageSize {
  if (isSize(height) && isSize(width)) return { width, height };
  const [, stated, second] = /^\s*\[?\s*(\d+)(?:\s*,\s*(\d+))?\s*\]?\s*$/.exec(imgsz ?? '') ?? [];
  const size = { height: Number(stated), width: Number(second ?? stated) };
  if (isSize(size.height) && isSize(size.width)) return size;
  throw new RangeError(
    `its height and width are free, and the metadata key "imgsz" should say them, such as [640, 640]; it says ${imgsz ?? 'nothing'}`,
  );
}

function isSize(value: number | string | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
