import { isCollection, isMap, isScalar, type Node, type Pair, Scalar, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { columnOf, commentColumn, isBlankLine, lineStart, newlineOf, nextLine, type Splice } from './text-lines.ts';

/**
 * Splices that change one thing in a YAML text and leave every other byte as it is. Nodes come from a document of that very text; what
 * cannot be written this way (explicit keys, tags, anchors in odd places) comes out wrong, so whoever uses them reads the result again.
 */
export type Plain = string | number | boolean;
export type Fields = Readonly<Record<string, Plain>>;

/** Adds an item below the last one of a list. */
export function appendItem(text: string, list: YAMLSeq, fields: Fields): Splice[] {
  const last = list.items.at(-1) as Node | undefined;
  if (last !== undefined && list.flow) return insert(endOf(text, last), `, ${inFlow(fields)}`);
  if (last === undefined) return firstItem(text, list, fields);
  const dash = dashOf(text, last);
  const apart = list.items.length > 1 && isBlankLine(text, lineBefore(text, beginOf(text, dash))) ? newlineOf(text) : '';
  return insertLines(text, afterItem(text, last, columnOf(text, dash)), apart + inBlock(text, columnOf(text, dash), fields));
}

/** `[]` becomes a list with lines of its own. */
function firstItem(text: string, list: YAMLSeq, fields: Fields): Splice[] {
  const [from, to] = span(text, list);
  const column = text.slice(lineStart(text, from), from).search(/\S/) + 2;
  const gap = text.slice(lineStart(text, from), from).length - text.slice(lineStart(text, from), from).trimEnd().length;
  return [{ from: from - gap, to, text: '' }, ...insertLines(text, nextLine(text, to), inBlock(text, column, fields))];
}

/** Takes an item out of a list, with the comment lines directly above it. `key` is what the list stands under. */
export function removeItem(text: string, list: YAMLSeq, index: number, key: Node): Splice[] {
  const item = list.items[index] as Node;
  const spans = list.items.map((node) => span(text, node as Node));
  if (list.flow) return removeFromFlow(text, spans, index);
  const dash = dashOf(text, item);
  const removed = withGap(text, beginOf(text, dash), afterItem(text, item, columnOf(text, dash)), index, list.items.length);
  const emptied = list.items.length === 1 ? insert(text.indexOf(':', endOf(text, key)) + 1, ' []') : [];
  return [...emptied, removed];
}

/** Adds a key with a list of one item at the end of a mapping; without one, the text holds nothing but comments. */
export function appendList(text: string, map: YAMLMap | undefined, key: string, fields: Fields): Splice[] {
  const last = map?.items.at(-1);
  if (map?.flow) return insert(last ? endOfPair(text, last) : span(text, map)[0] + 1, `${last ? ', ' : ''}"${key}": [${inFlow(fields)}]`);
  const column = map?.items[0] === undefined ? 0 : columnOf(text, span(text, map.items[0].key as Node)[0]);
  const lines = `${' '.repeat(column)}${key}:${newlineOf(text)}${inBlock(text, column + 2, fields)}`;
  return insertLines(text, last === undefined ? text.length : nextLine(text, endOfPair(text, last)), lines);
}

/** Sets a key of a mapping. */
export function setKey(text: string, map: YAMLMap, key: string, value: Plain): Splice[] {
  const pair = pairOf(map, key);
  if (pair === undefined) return appendKey(text, map, key, value);
  const old = pair.value as Node;
  const [from, to] = span(text, old);
  return [{ from, to, text: `${from === to ? ' ' : ''}${likeBefore(old, value, map.flow === true)}` }];
}

function appendKey(text: string, map: YAMLMap, key: string, value: Plain): Splice[] {
  const end = endOfPair(text, map.items.at(-1) as Pair);
  if (map.flow) return insert(end, `, ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const column = columnOf(text, span(text, map.items[0]?.key as Node)[0]);
  return insertLines(text, nextLine(text, end), `${' '.repeat(column)}${key}: ${plain(value)}${newlineOf(text)}`);
}

/** Takes a key out of a mapping that has others. */
export function removeKey(text: string, map: YAMLMap, key: string): Splice[] {
  const index = map.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === key);
  const pairs = map.items.map((pair): [number, number] => [span(text, pair.key as Node)[0], endOfPair(text, pair)]);
  const [from, to] = pairs[index] ?? [0, 0];
  if (index < 0) return [];
  if (map.flow) return removeFromFlow(text, pairs, index);
  if (index > 0) return [{ from: lineStart(text, from), to: nextLine(text, to), text: '' }];
  // What follows comes up to where the first key was, behind the dash.
  return [{ from, to: to + (/^\s*/.exec(text.slice(to))?.[0].length ?? 0), text: '' }];
}

/** Takes one of several things out that commas part. */
function removeFromFlow(text: string, parts: readonly (readonly [number, number])[], index: number): Splice[] {
  const [from, to] = parts[index] as readonly [number, number];
  const [before, after] = [parts[index - 1], parts[index + 1]];
  if (before !== undefined) return [{ from: before[1], to, text: '' }];
  return [{ from, to: after === undefined ? to + (/^\s*,?\s*/.exec(text.slice(to))?.[0].length ?? 0) : after[0], text: '' }];
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function insert(at: number, text: string): Splice[] {
  return [{ from: at, to: at, text }];
}

/** Whole lines; where the text before has no line break at its end it gets one, and the new end has none either. */
function insertLines(text: string, at: number, lines: string): Splice[] {
  const isOpen = at > 0 && text[at - 1] !== '\n';
  return insert(at, isOpen ? newlineOf(text) + lines.trimEnd() : lines);
}

/** From the first to behind the last character, without anchor and tag, and without what follows in the line. */
function span(text: string, node: Node): [number, number] {
  const [from = 0, valueEnd = 0] = node.range ?? [];
  if (isCollection(node) && node.flow !== true && node.items.length > 0) return [from, endOf(text, node)];
  return [from, from + text.slice(from, valueEnd).trimEnd().length];
}

function endOf(text: string, node: Node): number {
  if (!isCollection(node) || node.flow === true) return span(text, node)[1];
  const last = node.items.at(-1) as Node | Pair;
  return isMap(node) ? endOfPair(text, last as Pair) : endOf(text, last as Node);
}

function endOfPair(text: string, { key, value }: Pair): number {
  return Math.max(endOf(text, key as Node), value ? endOf(text, value as Node) : 0);
}

/** The dash before an item of a list in lines. An anchor may stand between, and in a line of its own. */
function dashOf(text: string, item: Node): number {
  let line = lineStart(text, span(text, item)[0]);
  while (line > 0 && !/^[ \uFEFF]*-\s/.test(text.slice(line, nextLine(text, line)))) line = lineBefore(text, line);
  return text.indexOf('-', line);
}

/** Where an item begins: with the comment lines directly above it, as far in as its dash. */
function beginOf(text: string, dash: number): number {
  let begin = lineStart(text, dash);
  const column = columnOf(text, dash);
  while (begin > 0 && commentColumn(text, lineBefore(text, begin)) === column) begin = lineBefore(text, begin);
  return begin;
}

/** Where an item ends: with the comment lines directly below it that are further in than its dash. */
function afterItem(text: string, item: Node, column: number): number {
  let end = nextLine(text, endOf(text, item));
  while (end < text.length && commentColumn(text, end) > column) end = nextLine(text, end);
  return end;
}

function lineBefore(text: string, start: number): number {
  return start === 0 ? 0 : lineStart(text, start - 1);
}

/** The blank lines that part an item from the one before it go with it; of the first one, those before the second. */
function withGap(text: string, from: number, to: number, index: number, items: number): Splice {
  let [begin, end] = [from, to];
  if (index > 0) while (begin > 0 && isBlankLine(text, lineBefore(text, begin))) begin = lineBefore(text, begin);
  else if (items > 1) while (isBlankLine(text, end)) end = nextLine(text, end);
  return { from: begin, to: end, text: '' };
}

function inBlock(text: string, column: number, fields: Fields): string {
  const pad = ' '.repeat(column);
  const lines = Object.entries(fields).map(([key, value], index) => `${pad}${index === 0 ? '- ' : '  '}${key}: ${plain(value)}`);
  return lines.map((line) => line + newlineOf(text)).join('');
}

/** Inside of brackets everything is quoted: that is right in every YAML, and in JSON. */
function inFlow(fields: Fields): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{ ${pairs.join(', ')} }`;
}

function plain(value: Plain): string {
  return typeof value === 'string' && /[\r\n]/.test(value) ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd();
}

/** A text keeps the quotes that the old one had. */
function likeBefore(old: Node, value: Plain, flow: boolean): string {
  const type = isScalar(old) ? old.type : undefined;
  if (typeof value !== 'string') return String(value);
  if (type === Scalar.QUOTE_SINGLE && !/[\r\n]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return flow || type === Scalar.QUOTE_DOUBLE ? JSON.stringify(value) : plain(value);
}
