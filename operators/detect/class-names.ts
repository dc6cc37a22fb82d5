/**
 * Reads the `names` that YOLO exports keep in the metadata: a Python dictionary `{0: 'parcel', 1: "forklift's load"}`, or JSON with
 * string keys. Returns the names in the order of their numbers. Throws a `RangeError` with a sentence when they are not 0…n−1.
 */
export function parseClassNames(text: string): string[] {
  const names = new Map<number, string>();
  const entry = /\s*(?:"(\d+)"|(\d+))\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|\})/y;
  entry.lastIndex = text.indexOf('{') + 1;
  for (let last = ''; last !== '}'; ) {
    const match = entry.exec(text);
    if (match === null) throw new RangeError(`expected names such as {0: 'parcel', 1: 'tote'}, got ${text.slice(0, 80)}`);
    const [, quoted, bare, single, double, end] = match;
    names.set(Number(quoted ?? bare), (single ?? double ?? '').replace(/\\(.)/g, '$1'));
    last = end ?? '';
  }
  return inOrder(names);
}

function inOrder(names: ReadonlyMap<number, string>): string[] {
  return Array.from({ length: names.size }, (_, number) => {
    const name = names.get(number);
    if (name === undefined || name === '')
      throw new RangeError(`expected names for the classes 0 to ${names.size - 1}, none for ${number}`);
    return name;
  });
}
