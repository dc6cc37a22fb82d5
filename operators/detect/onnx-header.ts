import { bytesOf, type Field, fieldsOf, numberOf, textOf } from './protobuf-reader.ts';

/** A named input or output of a graph. */
export interface OnnxValue {
  readonly name: string;
  /** `TensorProto.DataType`: 1 is float32, 2 is uint8. */
  readonly elementType: number;
  /** A number, or the name of a dimension that is free; undefined when the file does not state the shape. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** What an ONNX file says about itself, apart from its weights. */
export interface OnnxHeader {
  readonly metadata: ReadonlyMap<string, string>;
  /** Without the weights, which older files list among the inputs. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Tensors whose values lie in another file, also in nested graphs. */
  readonly externalTensors: readonly string[];
  /** Functions that the file defines itself. */
  readonly functions: readonly string[];
}

// Field numbers of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
const MODEL = { graph: 7, metadata: 14, training: 20, functions: 25 };
const ENTRY = { key: 1, value: 2 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparse: 15 };
const FUNCTION = { name: 1, node: 7, attribute: 11 };
const NODE = { attribute: 5 };
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 };
const TENSOR = { name: 8, externalData: 13, location: 14 };
const TRAINING = { initialization: 1, algorithm: 2 };
const SPARSE = { values: 1, indices: 2 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { element: 1, shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { size: 1, name: 2 };

const EXTERNAL = 1;
const DEEPEST = 32;

/**
 * Reads the header of an ONNX file (`ModelProto`) and looks at every tensor in it, without onnxruntime: a file is judged before anything
 * loads it. Throws a `RangeError` with a sentence when the bytes are no ONNX model.
 */
export function readOnnxHeader(bytes: Uint8Array): OnnxHeader {
  const fields = [...fieldsOf(bytes)];
  const graphs = fields.filter(({ number }) => number === MODEL.graph).map(bytesOf);
  if (graphs.length === 0) throw new RangeError('it holds no graph');
  const values = graphs.flatMap((graph) => [...fieldsOf(graph)]);
  const weights = new Set(values.filter(({ number }) => number === GRAPH.initializer).map(tensorName));
  const externalTensors: string[] = [];
  for (const field of fields) searchModel(field, externalTensors);
  return {
    metadata: new Map(fields.filter(({ number }) => number === MODEL.metadata).map(readEntry)),
    inputs: values
      .filter(({ number }) => number === GRAPH.input)
      .map(readValue)
      .filter(({ name }) => !weights.has(name)),
    outputs: values.filter(({ number }) => number === GRAPH.output).map(readValue),
    externalTensors,
    functions: fields.filter(({ number }) => number === MODEL.functions).map((field) => textIn(field, FUNCTION.name)),
  };
}

function readEntry(field: Field): [string, string] {
  return [textIn(field, ENTRY.key), textIn(field, ENTRY.value)];
}

function readValue(field: Field): OnnxValue {
  const tensor = within(within(field, VALUE.type), TYPE.tensor);
  const element = within(tensor, TENSOR_TYPE.element);
  const shape = within(tensor, TENSOR_TYPE.shape);
  return {
    name: textIn(field, VALUE.name),
    elementType: element === undefined ? 0 : numberOf(element),
    shape: shape === undefined ? undefined : all(shape, SHAPE.dimension).map(readDimension),
  };
}

function readDimension(field: Field): number | string {
  const size = within(field, DIMENSION.size);
  return size === undefined ? textIn(field, DIMENSION.name) : numberOf(size);
}

function tensorName(field: Field): string {
  return textIn(field, TENSOR.name);
}

function searchModel(field: Field, found: string[]): void {
  if (field.number === MODEL.graph) searchGraph(bytesOf(field), found, 0);
  if (field.number === MODEL.functions) searchNodes(bytesOf(field), FUNCTION.node, FUNCTION.attribute, found, 0);
  if (field.number === MODEL.training) {
    for (const part of fieldsOf(bytesOf(field))) {
      if (part.number === TRAINING.initialization || part.number === TRAINING.algorithm) searchGraph(bytesOf(part), found, 0);
    }
  }
}

function searchGraph(graph: Uint8Array, found: string[], depth: number): void {
  if (depth > DEEPEST) throw new RangeError(`it nests graphs more than ${DEEPEST} deep`);
  for (const field of fieldsOf(graph)) {
    if (field.number === GRAPH.initializer) searchTensor(bytesOf(field), found);
    if (field.number === GRAPH.sparse) searchSparse(bytesOf(field), found);
    if (field.number === GRAPH.node) searchNodes(bytesOf(field), undefined, NODE.attribute, found, depth);
  }
}

/** A node holds attributes; a function holds nodes and attributes. */
function searchNodes(message: Uint8Array, node: number | undefined, attribute: number, found: string[], depth: number): void {
  for (const field of fieldsOf(message)) {
    if (field.number === node) searchNodes(bytesOf(field), undefined, NODE.attribute, found, depth);
    if (field.number === attribute) searchAttribute(bytesOf(field), found, depth);
  }
}

function searchAttribute(attribute: Uint8Array, found: string[], depth: number): void {
  for (const field of fieldsOf(attribute)) {
    if (field.number === ATTRIBUTE.tensor || field.number === ATTRIBUTE.tensors) searchTensor(bytesOf(field), found);
    if (field.number === ATTRIBUTE.sparse || field.number === ATTRIBUTE.sparses) searchSparse(bytesOf(field), found);
    if (field.number === ATTRIBUTE.graph || field.number === ATTRIBUTE.graphs) searchGraph(bytesOf(field), found, depth + 1);
  }
}

function searchSparse(sparse: Uint8Array, found: string[]): void {
  for (const field of fieldsOf(sparse)) {
    if (field.number === SPARSE.values || field.number === SPARSE.indices) searchTensor(bytesOf(field), found);
  }
}

function searchTensor(tensor: Uint8Array, found: string[]): void {
  let name = '';
  let external = false;
  for (const field of fieldsOf(tensor)) {
    if (field.number === TENSOR.name) name = textOf(field);
    external ||= field.number === TENSOR.externalData || (field.number === TENSOR.location && field.value === EXTERNAL);
  }
  if (external) found.push(name);
}

function all(field: Field | undefined, number: number): Field[] {
  return field === undefined ? [] : [...fieldsOf(bytesOf(field))].filter((inner) => inner.number === number);
}

/** The last of a field's kind counts, as protobuf has it. */
function within(field: Field | undefined, number: number): Field | undefined {
  return all(field, number).at(-1);
}

function textIn(field: Field, number: number): string {
  const text = within(field, number);
  return text === undefined ? '' : textOf(text);
}
