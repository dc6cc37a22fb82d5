import type { Clock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import { type Client, connectClient } from './client.ts';
import { RedisFailure, troubleOf } from './redis-error.ts';
import type { RedisSettings } from './redis-settings.ts';

/** That an operation did not succeed and is tried again, `delayMs` from now. */
export interface RedisTrouble {
  readonly sentence: string;
  readonly tries: number;
  readonly delayMs: number;
}

export interface RedisConnectionOptions {
  readonly settings: RedisSettings;
  readonly clock: Clock;
  /** Checks each new connection before it is used. */
  readonly greet: (client: Client) => Promise<void>;
  readonly onTrouble?: (trouble: RedisTrouble) => void;
  /** The first success after a trouble. */
  readonly onRecovered?: () => void;
  /** 0 to below 1; spreads the tries of many processes. */
  readonly random?: () => number;
}

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 1_000;
/** An operation that did not succeed by then fails: whoever asked for it starts again from what is saved, and tells people. */
const PATIENCE_MS = 3_000;

/**
 * The way to Redis. Connects when it is needed, and again after it was lost.
 *
 *   none ──run──▶ connecting ──greeted──▶ open ──lost, no answer in time, read-only──▶ none
 *     ▲               └──────failed──────▶ none
 *     └── from everywhere: close ──▶ closed
 *
 * Nothing is sent again behind the back of whoever sent it: `run` repeats the work as a whole, and all our scripts recognise what they
 * have done already.
 */
export class RedisConnection {
  private readonly options: RedisConnectionOptions;
  private client: Promise<Client> | undefined;
  private readonly closing = Promise.withResolvers<void>();
  private closed = false;
  private inTrouble = false;

  constructor(options: RedisConnectionOptions) {
    this.options = options;
  }

  /**
   * Does work that may be repeated, until it succeeds or patience is at its end.
   * @throws OcelliError STATE_UNAVAILABLE or STATE_FULL when time might heal it, STATE_REFUSED or STATE_CORRUPT when it does not
   */
  async run<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const untilMs = this.options.clock.monotonic() + PATIENCE_MS;
    for (let tries = 1; ; tries++) {
      try {
        return await this.tryOnce(work);
      } catch (error) {
        if (!(error instanceof RedisFailure)) throw error;
        await this.wait(error, tries, untilMs);
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.closing.resolve();
    const client = await this.client?.catch(() => undefined); // It was never open.
    client?.close();
  }

  private async tryOnce<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.open();
    try {
      const result = await work(client);
      this.recovered();
      return result;
    } catch (error) {
      if (error instanceof RedisFailure && troubleOf(error).code === 'STATE_UNAVAILABLE') client.close();
      throw error;
    }
  }

  private recovered(): void {
    if (this.inTrouble) this.options.onRecovered?.();
    this.inTrouble = false;
  }

  private async wait(failure: RedisFailure, tries: number, untilMs: number): Promise<void> {
    const { clock, settings, onTrouble, random = Math.random } = this.options;
    const { code, again, why } = troubleOf(failure);
    const sentence = `Redis at ${settings.url} ${why}.`;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1)) * (0.5 + random() / 2);
    this.inTrouble = true;
    if (this.closed || !again || clock.monotonic() + delayMs > untilMs) throw new OcelliError(code, sentence, { cause: failure });
    onTrouble?.({ sentence, tries, delayMs });
    await this.pause(delayMs);
  }

  private async pause(delayMs: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const cancel = this.options.clock.after(delayMs, over.resolve);
    await Promise.race([over.promise, this.closing.promise]);
    cancel();
  }

  private async open(): Promise<Client> {
    if (this.closed) throw new RedisFailure('the connection was closed');
    this.client ??= this.connect();
    const connecting = this.client;
    const client = await connecting;
    if (client.isOpen) return client;
    if (this.client === connecting) this.client = undefined;
    return this.open();
  }

  private connect(): Promise<Client> {
    const client = this.connectAndGreet();
    client.catch(() => {
      if (this.client === client) this.client = undefined;
    });
    return client;
  }

  private async connectAndGreet(): Promise<Client> {
    const client = await connectClient(this.options.settings);
    try {
      await this.options.greet(client);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }
}
