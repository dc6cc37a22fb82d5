type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };

/** Whole numbers beyond 2^53 stay exact: seeds have 63 bits. */
function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const long = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '');
  return long ? BigInt(context?.source ?? 0) : value;
}

/** Parses JSON; whole numbers that a double cannot hold come as `bigint`. Throws a SyntaxError. */
export function parseExactJson(text: string): Json {
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown) as Json;
}

/** One text for one content: keys sorted, no spaces, as Python's `json.dumps(…, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
