import type { ReadRequest } from './log.ts';

/** Throws a RangeError for a request that no log can answer. */
export function checkReadRequest({ from, limit }: ReadRequest): void {
  if (!Number.isSafeInteger(from)) throw new RangeError(`Expected the position to read from as an integer, not ${from}.`);
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`Expected the limit of a read as an integer of at least 1, not ${limit}.`);
}
