/**
 * Which partition each camera's records lie in, for every topic. A row is never changed and never deleted: a camera that moved would lose
 * the order of its records. Kept where every process of the site reads it (the state store); the log only asks.
 */
export interface PartitionTable {
  /** Every row: the partition by camera. */
  read(): Promise<ReadonlyMap<string, number>>;
  /** Gives those of the cameras that have no row the partition with the fewest cameras, of so many. @returns every row */
  assign(cameras: readonly string[], partitions: number): Promise<ReadonlyMap<string, number>>;
}

/** The rows that cameras without one get: each the partition with the fewest cameras by then, the lowest of several. */
export function leastFilled(rows: ReadonlyMap<string, number>, cameras: readonly string[], partitions: number): Map<string, number> {
  const filled = Array.from({ length: partitions }, () => 0);
  for (const partition of rows.values()) if (partition < partitions) filled[partition] = (filled[partition] ?? 0) + 1;
  const given = new Map<string, number>();
  for (const camera of new Set(cameras)) {
    if (rows.has(camera)) continue;
    const partition = filled.indexOf(Math.min(...filled));
    filled[partition] = (filled[partition] ?? 0) + 1;
    given.set(camera, partition);
  }
  return given;
}
