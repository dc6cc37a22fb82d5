import { leastFilled, type PartitionTable } from '../../../../engine/log/partition-table.ts';

/** A partition table in memory, for logs under test. */
export class MemoryPartitionTable implements PartitionTable {
  private readonly rows = new Map<string, number>();

  async read(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.rows);
  }

  async assign(cameras: readonly string[], partitions: number): Promise<ReadonlyMap<string, number>> {
    for (const [camera, partition] of leastFilled(this.rows, cameras, partitions)) this.rows.set(camera, partition);
    return this.read();
  }
}
