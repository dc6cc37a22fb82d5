/** As much of JSON Schema as our generator writes. */
export interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/**
 * What in a new schema would surprise a reader of the old one: a field that was always there and no longer is, or that became something
 * else. New fields, new kinds of records and new words of an enumeration are no surprise: readers are told to expect them.
 */
export function breakingChanges(old: Schema, now: Schema | undefined, path = '$'): string[] {
  if (now === undefined) return [`${path} is gone`];
  const changes = old.type === now.type ? [] : [`${path} was ${old.type ?? 'anything'} and is ${now.type ?? 'anything'}`];
  if (JSON.stringify(old.const) !== JSON.stringify(now.const))
    changes.push(`${path} was ${JSON.stringify(old.const)} and is ${JSON.stringify(now.const)}`);
  const lost = (old.required ?? []).filter((name) => !(now.required ?? []).includes(name));
  changes.push(...lost.map((name) => `${path}.${name} was always there and may be missing now`));
  for (const [name, property] of Object.entries(old.properties ?? {}))
    changes.push(...breakingChanges(property, now.properties?.[name], `${path}.${name}`));
  if (old.items !== undefined) changes.push(...breakingChanges(old.items, now.items, `${path}[]`));
  for (const [index, item] of (old.prefixItems ?? []).entries())
    changes.push(...breakingChanges(item, now.prefixItems?.[index], `${path}[${index}]`));
  for (const [index, member] of (old.oneOf ?? []).entries())
    changes.push(...breakingChanges(member, sameKind(member, now.oneOf ?? [], index), `${path}<${kindOf(member) ?? index}>`));
  return changes;
}

function sameKind(member: Schema, candidates: readonly Schema[], index: number): Schema | undefined {
  const kind = kindOf(member);
  return kind === undefined ? candidates[index] : candidates.find((candidate) => kindOf(candidate) === kind);
}

function kindOf({ properties }: Schema): unknown {
  return properties?.['type']?.const;
}
