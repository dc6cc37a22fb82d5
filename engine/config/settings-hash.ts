import { createHash } from 'node:crypto';

const DIGITS = 12;

/**
 * Hash of the settings that shape a camera's results: SHA-256 over JSON with sorted keys, its first 12 hexadecimal digits. Addresses,
 * log, state and server are not among them: moving a camera to another host is not another setting.
 */
export function settingsHash(settings: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(canonicalJson(settings)).digest('hex').slice(0, DIGITS);
}

/** JSON with keys in the order of their code points, so that equal values give equal bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
