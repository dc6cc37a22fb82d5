import { ASK_ANOTHER, type WorkerClient } from './worker-client.ts';
import { QUESTIONS } from './worker-messages.ts';

/** Workers that die over other work again and again are no reason to go on for ever. */
const MOST_TRIES = 5;

interface Slot {
  client: Promise<WorkerClient>;
  /** Pieces of work that it has. */
  works: number;
}

/**
 * A fixed number of workers, each lent to so many at once as it takes questions; who asks gets the one that has least to do. A worker that
 * dies is replaced at once.
 */
export class WorkerPool {
  private readonly start: () => Promise<WorkerClient>;
  private readonly slots: readonly Slot[];
  private readonly waiting: (() => void)[] = [];

  private constructor(start: () => Promise<WorkerClient>, size: number) {
    this.start = start;
    this.slots = Array.from({ length: size }, () => ({ client: start(), works: 0 }));
  }

  /** Resolves when all workers are ready; rejects with the first error, the others closed. */
  static async open(start: () => Promise<WorkerClient>, size: number): Promise<WorkerPool> {
    const pool = new WorkerPool(start, size);
    const started = await Promise.allSettled(pool.slots.map(({ client }) => client));
    const refused = started.find(({ status }) => status === 'rejected');
    if (refused?.status !== 'rejected') return pool;
    await pool.close();
    throw refused.reason;
  }

  /** Lends a worker for one piece of work; another one, when it died over something else. */
  async use<T>(work: (client: WorkerClient) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.useOnce(work);
      } catch (error) {
        if (error !== ASK_ANOTHER || tries === MOST_TRIES) throw error;
      }
    }
  }

  /** Ends all workers. Nothing may be under way. */
  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.slots.map(({ client }) => client));
    await Promise.all(clients.map((client) => (client.status === 'fulfilled' ? client.value.close() : undefined)));
  }

  private async useOnce<T>(work: (client: WorkerClient) => Promise<T>): Promise<T> {
    const slot = await this.takeLeastBusy();
    try {
      return await work(await this.clientOf(slot));
    } finally {
      slot.works -= 1;
      void this.renewDead(slot);
      this.waiting.shift()?.();
    }
  }

  private async takeLeastBusy(): Promise<Slot> {
    for (;;) {
      const slot = this.slots.reduce((best, other) => (other.works < best.works ? other : best));
      if (slot.works < QUESTIONS) {
        slot.works += 1;
        return slot;
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Who gets a worker that could not be started hears why. */
  private async clientOf(slot: Slot): Promise<WorkerClient> {
    const client = await slot.client;
    if (!client.dead) return client;
    await this.renewDead(slot);
    return slot.client;
  }

  /** Once, however many had work there. */
  private async renewDead(slot: Slot): Promise<void> {
    const { client } = slot;
    const usable = await client.then(
      ({ dead }) => !dead,
      () => false,
    );
    if (usable || slot.client !== client) return;
    slot.client = this.start();
    slot.client.catch(() => {}); // Who gets it hears of it.
  }
}
