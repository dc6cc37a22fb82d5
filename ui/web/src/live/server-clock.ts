/** Answers remembered; the one with the shortest way there and back tells the time best. */
const KEPT = 8;
/** With so many answers one of them came without delay, most likely. */
const SURE = 4;

interface Answer {
  readonly tripMs: number;
  /** The server's clock minus this page's monotonic clock. */
  readonly offsetMs: number;
}

/**
 * The server's clock as this page knows it: ages are counted by it, so that a viewer whose own clock is wrong still sees the right age.
 * Times of this page are those of `performance.now()`, which no setting of a clock moves.
 */
export class ServerClock {
  private answers: Answer[] = [];

  /** The server said `nowMs` to a question sent at `sentMs` and answered at `receivedMs`. */
  answered(sentMs: number, receivedMs: number, nowMs: number): void {
    const tripMs = receivedMs - sentMs;
    this.answers = [...this.answers.slice(1 - KEPT), { tripMs, offsetMs: nowMs - (sentMs + tripMs / 2) }];
  }

  /** Enough answers came: asking now and then is enough. */
  get isSure(): boolean {
    return this.answers.length >= SURE;
  }

  /** Milliseconds since 1970 by the server's clock; `undefined` before its first answer. */
  at(pageMs: number): number | undefined {
    return this.best && pageMs + this.best.offsetMs;
  }

  /** By how much `at` may be wrong: nobody knows how the way there and the way back share the trip. */
  get errorMs(): number | undefined {
    return this.best && this.best.tripMs / 2;
  }

  private get best(): Answer | undefined {
    return this.answers.reduce<Answer | undefined>((a, b) => (a === undefined || b.tripMs < a.tripMs ? b : a), undefined);
  }

  /** A laptop slept, or the server is another one: what was known may be wrong. */
  forget(): void {
    this.answers = [];
  }
}
