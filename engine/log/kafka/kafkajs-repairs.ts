/**
 * Two faults of kafkajs 2.2.4, mended where it is loaded: no later version has come since February 2023. Each is harmless when it was
 * mended already, or in a version without it.
 */
const REPAIRED = Symbol('repaired by ocelli');

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/**
 * After each answer a queue begins a timer that begins itself again a millisecond later, for ever, and on Node 24 each prints a warning
 * about a negative time (tulios/kafkajs#1751). Where nothing waits there is nothing to look for.
 */
export function repairRequestQueue({ prototype }: { readonly prototype: RequestQueue }): void {
  if (Object.hasOwn(prototype, REPAIRED)) return;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function whenPending(this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
  Object.defineProperty(prototype, REPAIRED, { value: true });
}

interface Connection {
  connect(): Promise<unknown>;
}

/** Two requests at once over a connection that is not open yet open two sockets, and one of them is never closed. */
export function repairConnection({ prototype }: { readonly prototype: Connection }): void {
  if (Object.hasOwn(prototype, REPAIRED)) return;
  const connect = prototype.connect;
  const connecting = new WeakMap<Connection, Promise<unknown>>();
  prototype.connect = function once(this: Connection) {
    const known = connecting.get(this);
    if (known !== undefined) return known;
    const opening = connect.call(this).finally(() => connecting.delete(this));
    connecting.set(this, opening);
    return opening;
  };
  Object.defineProperty(prototype, REPAIRED, { value: true });
}
