import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isMap, isSeq, type Node, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { OcelliError } from '../errors.ts';
import { applySplices, type Splice } from './text-lines.ts';
import { appendItem, appendList, type Fields, type Plain, removeItem, removeKey, setKey } from './yaml-splices.ts';

/** The keys of a camera as they stand in the configuration file. */
export type CameraFields = Fields;
/** As `CameraFields`; `null` takes a key out, so that its default holds. */
export type CameraChanges = Readonly<Record<string, Plain | null>>;

export type CameraEdit =
  | { readonly kind: 'add'; readonly camera: CameraFields }
  | { readonly kind: 'change'; readonly id: string; readonly changes: CameraChanges }
  | { readonly kind: 'remove'; readonly id: string };

/**
 * The text of a configuration file with one camera added, changed or removed. Only the lines of that camera change: comments, order, blank
 * lines, quotes, anchors and line breaks of everything else stay byte for byte. Comment lines directly above a camera, and those further in
 * below it, belong to it and go with it.
 *
 * `text` must be a configuration that can be read. The result is read again here: it differs by this edit and nothing else.
 * @throws OcelliError INPUT_INVALID when there is no such camera, or the file is written so that this cannot be done line by line
 */
export function editConfiguration(text: string, edit: CameraEdit): string {
  const document = parseDocument(text, { prettyErrors: false });
  const before = plainOf(document);
  const edited = applySplices(text, splicesOf(text, document, before.cameras, edit));
  if (!isDeepStrictEqual(resultOf(edited), expected(before, edit))) throw byHand(edit);
  return edited;
}

type Camera = Record<string, unknown>;
type Settings = Record<string, unknown> & { cameras: readonly Camera[] };

/** What the edited text says; nothing when it cannot be read. */
function resultOf(edited: string): Settings | undefined {
  const document = parseDocument(edited, { prettyErrors: false });
  try {
    return document.errors.length > 0 ? undefined : plainOf(document);
  } catch (error) {
    if (error instanceof ReferenceError) return undefined; // An alias whose anchor was taken out.
    throw error;
  }
}

function plainOf(document: Document.Parsed): Settings {
  return { cameras: [], ...(document.toJS({ maxAliasCount: 100 }) as Partial<Settings> | null) };
}

function splicesOf(text: string, { contents }: Document.Parsed, cameras: readonly Camera[], edit: CameraEdit): Splice[] {
  const map = isMap(contents) ? contents : undefined;
  const list = map?.get('cameras', true) as Node | undefined;
  if (isAlias(list)) throw byHand(edit);
  if (edit.kind === 'add') return isSeq(list) ? appendItem(text, list, edit.camera) : appendList(text, map, 'cameras', edit.camera);
  const index = cameras.findIndex(({ id }) => id === edit.id);
  if (index < 0 || !isSeq(list)) throw new OcelliError('INPUT_INVALID', `There is no camera ${JSON.stringify(edit.id)} in the file.`);
  if (edit.kind === 'remove') return removeItem(text, list, index, keyOf(map as YAMLMap, list));
  const camera = list.items[index];
  if (!isMap(camera)) throw byHand(edit);
  return changesOf(text, camera, edit.changes);
}

function keyOf(map: YAMLMap, value: YAMLSeq): Node {
  return map.items.find((pair) => pair.value === value)?.key as Node;
}

function changesOf(text: string, camera: YAMLMap, changes: CameraChanges): Splice[] {
  const splices = Object.entries(changes).flatMap(([key, value]) =>
    value === null ? removeKey(text, camera, key) : setKey(text, camera, key, value),
  );
  return mergeInsertions(splices);
}

/** Keys that are added at one place stand there in their order. */
function mergeInsertions(splices: readonly Splice[]): Splice[] {
  const places = Map.groupBy(splices, ({ from, to }) => `${from}-${to}`);
  return [...places.values()].map((same) => ({ ...(same[0] as Splice), text: same.map(({ text }) => text).join('') }));
}

function expected(before: Settings, edit: CameraEdit): Settings {
  const { cameras } = before;
  if (edit.kind === 'add') return { ...before, cameras: [...cameras, { ...edit.camera }] };
  const index = cameras.findIndex(({ id }) => id === edit.id);
  if (edit.kind === 'remove') return { ...before, cameras: cameras.toSpliced(index, 1) };
  const changed = Object.entries({ ...cameras[index], ...edit.changes }).filter(([, value]) => value !== null);
  return { ...before, cameras: cameras.with(index, Object.fromEntries(changed)) };
}

function byHand(edit: CameraEdit): OcelliError {
  const what = edit.kind === 'add' ? 'A camera cannot be added' : `Camera ${JSON.stringify(edit.id)} cannot be changed`;
  return new OcelliError(
    'INPUT_INVALID',
    `${what} without touching others: the file shares values by anchors (&name, *name), or is written in an unusual way. Edit it by hand.`,
  );
}
