/** One end of a line between two sides that take messages in order: of a worker, or inside one thread. */
export interface Port<Incoming, Outgoing> {
  send(message: Outgoing, transfer?: Transferable[]): void;
  /** Takes messages from now on; called once. */
  hear(take: (message: Incoming) => void): void;
}

/** The end of a line to a worker, or in a worker to its page. */
export function threadPort<Incoming, Outgoing>(thread: MessageEnd): Port<Incoming, Outgoing> {
  return {
    send: (message, transfer = []) => thread.postMessage(message, { transfer }),
    hear: (take) => thread.addEventListener('message', (event) => take((event as MessageEvent<Incoming>).data)),
  };
}

/** A `Worker`, or inside one `self`. */
interface MessageEnd {
  postMessage(message: unknown, options: { readonly transfer: Transferable[] }): void;
  addEventListener(type: 'message', listener: (event: Event) => void): void;
}

/** Both ends of a line inside one thread. Messages come later, as from a worker, but as they are: an element cannot be copied. */
export function portPair<A, B>(): readonly [Port<A, B>, Port<B, A>] {
  let takeA: (message: A) => void = () => {};
  let takeB: (message: B) => void = () => {};
  return [
    { send: (message) => queueMicrotask(() => takeB(message)), hear: (take) => (takeA = take) },
    { send: (message) => queueMicrotask(() => takeA(message)), hear: (take) => (takeB = take) },
  ];
}
