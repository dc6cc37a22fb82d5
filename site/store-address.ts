import { dirname, resolve } from 'node:path';

/** A path of the configuration, relative to its file. */
export function databasePath(path: string, file: string): string {
  return resolve(dirname(file), path);
}

const UNIT = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const;

/** Bytes of a size such as `4 GiB`. */
export function sizeBytes(text: string): number {
  const [, amount = '0', unit = 'M'] = /^([\d.]+) ?([KMGT])iB$/.exec(text) ?? [];
  return Math.round(Number(amount) * UNIT[unit as keyof typeof UNIT]);
}
