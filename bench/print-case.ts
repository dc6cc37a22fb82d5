/** One line a figure, for people and programs. */
export function printCase(name: string, what: string, value: number, unit: string): void {
  console.log(JSON.stringify({ name, case: what, value: Number(value.toPrecision(4)), unit }));
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
