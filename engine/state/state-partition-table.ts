import { type Clock, pause } from '../clock.ts';
import { OcelliError } from '../errors.ts';
import { leastFilled, type PartitionTable } from '../log/partition-table.ts';
import type { StateStore } from './state-store.ts';

const TASK = 'partitions';
const TABLE = 'partitions';
const TRIES = 50;
const LONGEST_PAUSE_MS = 100;

/**
 * The partition table of a site, in its state store. Rows are given out by whoever owns the task `partitions` for a moment: of two
 * processes that give some out at once, the fence lets one through, and the other looks again. Other programs read the rows in the
 * readable table `partitions`: the partition by camera.
 */
export class StatePartitionTable implements PartitionTable {
  private readonly store: Promise<StateStore>;
  private readonly clock: Clock;
  private readonly random: () => number;

  /** `store` is waited for at the first use: a log is opened before the state. */
  constructor(store: Promise<StateStore>, clock: Clock, random: () => number = Math.random) {
    this.store = store;
    this.clock = clock;
    this.random = random;
  }

  async read(): Promise<ReadonlyMap<string, number>> {
    const rows = await (await this.store).readTable(TABLE);
    return new Map([...rows].map(([camera, { partition }]) => [camera, Number(partition)]));
  }

  async assign(cameras: readonly string[], partitions: number): Promise<ReadonlyMap<string, number>> {
    for (let left = TRIES; ; left -= 1) {
      const rows = await this.read();
      if (cameras.every((camera) => rows.has(camera))) return rows;
      try {
        return await this.give(cameras, partitions);
      } catch (error) {
        if (left === 0 || !(error instanceof OcelliError) || error.code !== 'STATE_STALE_OWNER') throw error;
      }
      await pause(this.clock, this.random() * LONGEST_PAUSE_MS);
    }
  }

  private async give(cameras: readonly string[], partitions: number): Promise<ReadonlyMap<string, number>> {
    const owner = await (await this.store).acquire(TASK);
    const stored = await owner.load();
    const rows = new Map([...stored].map(([camera, partition]) => [camera, Number(new TextDecoder().decode(partition))]));
    const given = leastFilled(rows, cameras, partitions);
    const changed = new Map([...given].map(([camera, partition]) => [camera, new TextEncoder().encode(String(partition))]));
    const tables = [...given].map(([row, partition]) => ({ table: TABLE, row, set: { partition } }));
    await owner.commit(owner.position, owner.position + 1, changed, tables);
    return new Map([...rows, ...given]);
  }
}
