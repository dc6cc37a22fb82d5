import type { WorkerClient } from './worker-client.ts';

interface Slot {
  client: Promise<WorkerClient>;
}

/** A fixed number of workers. One that dies is replaced at once; who asks meanwhile gets another or waits. */
export class WorkerPool {
  private readonly start: () => Promise<WorkerClient>;
  private readonly slots: Slot[];
  private readonly free: Slot[];
  private readonly waiting: ((slot: Slot) => void)[] = [];

  private constructor(start: () => Promise<WorkerClient>, size: number) {
    this.start = start;
    this.slots = Array.from({ length: size }, () => ({ client: start() }));
    this.free = [...this.slots];
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

  /** Lends a worker for one piece of work. */
  async use<T>(work: (client: WorkerClient) => Promise<T>): Promise<T> {
    const slot = this.free.pop() ?? (await new Promise<Slot>((resolve) => this.waiting.push(resolve)));
    try {
      return await work(await this.clientOf(slot));
    } finally {
      void this.giveBack(slot);
    }
  }

  /** Ends all workers. Nothing may be under way. */
  async close(): Promise<void> {
    const clients = await Promise.allSettled(this.slots.map(({ client }) => client));
    await Promise.all(clients.map((client) => (client.status === 'fulfilled' ? client.value.close() : undefined)));
  }

  private async clientOf(slot: Slot): Promise<WorkerClient> {
    const client = await slot.client;
    if (!client.dead) return client;
    slot.client = this.start();
    return slot.client;
  }

  private async giveBack(slot: Slot): Promise<void> {
    const usable = await slot.client.then(
      ({ dead }) => !dead,
      () => false,
    );
    if (!usable) {
      slot.client = this.start();
      // Who takes the slot next hears why it could not be started.
      await Promise.allSettled([slot.client]);
    }
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(slot);
    else next(slot);
  }
}
