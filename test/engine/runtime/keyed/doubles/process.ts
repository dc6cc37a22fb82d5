import type { Log } from '../../../../../engine/log/log.ts';
import type { Ownership, StateStore } from '../../../../../engine/state/state-store.ts';

/**
 * A process that can be killed, as seen from what it uses: once dead, none of its calls reaches anything and none of its promises comes
 * back. Its commits of state can be held up, as those of a process that stands still: they arrive when it is let go.
 */
export class Process {
  private alive = true;
  private stalled: PromiseWithResolvers<void> | undefined;

  kill(): void {
    this.alive = false;
  }

  /** The next commit of state stays under way until `revive`. */
  stall(): void {
    this.stalled = Promise.withResolvers();
  }

  revive(): void {
    this.stalled?.resolve();
    this.stalled = undefined;
  }

  log(log: Log): Log {
    const run = <T>(work: () => Promise<T>) => this.run(work);
    return {
      partitions: log.partitions,
      partitionOf: (camera) => log.partitionOf(camera),
      locate: (camera) => run(() => log.locate(camera)),
      assign: (cameras) => run(() => log.assign(cameras)),
      append: (topic, partition, records) => run(() => log.append(topic, partition, records)),
      resume: (topic, partition) => log.resume(topic, partition),
      read: (topic, partition, request) => run(() => log.read(topic, partition, request)),
      bounds: (topic, partition) => run(() => log.bounds(topic, partition)),
      seekTime: (topic, partition, time, camera) => run(() => log.seekTime(topic, partition, time, camera)),
      progress: (topic, partition) => run(() => log.progress(topic, partition)),
      onCommit: (topic, partition, listener) => log.onCommit(topic, partition, () => this.alive && listener()),
      close: () => run(() => log.close()),
    };
  }

  store(store: StateStore): StateStore {
    return {
      acquire: (task) => this.run(async () => this.ownership(await store.acquire(task))),
      readTable: (table) => this.run(() => store.readTable(table)),
    };
  }

  private ownership(owner: Ownership): Ownership {
    return {
      epoch: owner.epoch,
      position: owner.position,
      load: () => this.run(() => owner.load()),
      commit: (expected, next, changed, tables) =>
        this.run(async () => {
          await this.stalled?.promise;
          await owner.commit(expected, next, changed, tables);
        }),
    };
  }

  private run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.alive) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      work().then(
        (value) => this.alive && resolve(value),
        (error: unknown) => this.alive && reject(error),
      );
    });
  }
}
