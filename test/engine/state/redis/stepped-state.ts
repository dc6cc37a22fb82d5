import { EventEmitter, once } from 'node:events';
import type { RedisSettings, RedisState, RedisStateOptions, RedisTrouble } from '../../../../engine/state/index.ts';
import { openRedisState } from '../../../../engine/state/redis/open-redis-state.ts';
import { redisSettings } from '../../../brokers/redis-state.ts';
import { ManualClock } from '../../../manual-clock.ts';

/** A state in Redis whose tries come when the test lets time pass. */
export class SteppedState {
  readonly settings: RedisSettings;
  readonly clock = new ManualClock();
  readonly troubles: RedisTrouble[] = [];
  readonly warnings: string[] = [];
  recoveries = 0;
  readonly state: RedisState;
  private readonly events = new EventEmitter();

  constructor(url: string, settings: Partial<RedisSettings> = {}, options: Partial<RedisStateOptions> = {}) {
    this.settings = redisSettings(url, settings);
    this.state = openRedisState(this.settings, {
      clock: this.clock,
      mayBegin: async () => true,
      onTrouble: (trouble) => {
        this.troubles.push(trouble);
        this.events.emit('trouble');
      },
      onRecovered: () => this.recoveries++,
      onWarning: (sentence) => this.warnings.push(sentence),
      random: () => 0,
      ...options,
    });
  }

  /** Resolves at the next trouble, or at the next of this kind: others are let pass. Call it before what causes it. */
  async trouble(saying = ''): Promise<RedisTrouble> {
    for (;;) {
      await once(this.events, 'trouble');
      const trouble = this.troubles.at(-1) as RedisTrouble;
      if (trouble.sentence.includes(saying)) return trouble;
      setImmediate(() => this.tryAgain());
    }
  }

  /** Lets the time pass that the last trouble waits for. */
  tryAgain(): void {
    this.clock.advance(this.troubles.at(-1)?.delayMs ?? 0);
  }

  /** Lets time pass at each trouble, until the work has come to its end. */
  async patiently<T>(work: Promise<T>): Promise<T> {
    const again = () => setImmediate(() => this.tryAgain());
    this.events.on('trouble', again);
    try {
      return await work;
    } finally {
      this.events.off('trouble', again);
    }
  }

  key(rest: string): string {
    return `${this.settings.prefix}${rest}`;
  }
}
