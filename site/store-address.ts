import { dirname, resolve } from 'node:path';

/** The path of `sqlite:data/ocelli.db`, relative to the configuration file. */
export function databasePath(address: string, file: string): string {
  return resolve(dirname(file), address.slice('sqlite:'.length));
}

const UNIT = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const;

/** Bytes of a size such as `4 GiB`. */
export function sizeBytes(text: string): number {
  const [, amount = '0', unit = 'M'] = /^([\d.]+) ?([KMGT])iB$/.exec(text) ?? [];
  return Math.round(Number(amount) * UNIT[unit as keyof typeof UNIT]);
}
