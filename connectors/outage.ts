import type { Reason } from './cause.ts';
import type { ConnectorParts } from './connector.ts';

const FIRST_AGAIN_MS = 60_000;
const LONGEST_AGAIN_MS = 60 * 60_000;

/**
 * Tells the log of a camera that does not come: that it is down, each new cause, then at growing distance (1, 2, 4 … 60 min) that it still
 * is, and that it is back. A line for each try would bury everything else.
 */
export class Outage {
  private readonly camera: string;
  private readonly parts: Pick<ConnectorParts, 'clock' | 'log'>;
  private readonly causes = new Set<Reason['cause']>();
  private tries = 0;
  private sinceMs = 0;
  private nextMs = 0;

  constructor(camera: string, parts: Pick<ConnectorParts, 'clock' | 'log'>) {
    this.camera = camera;
    this.parts = parts;
  }

  /** A try has failed, or what ran has ended. */
  failed({ cause, detail }: Reason): void {
    const nowMs = this.parts.clock.monotonic();
    if (this.tries === 0) this.sinceMs = nowMs;
    this.tries += 1;
    const isNews = !this.causes.has(cause) || nowMs >= this.nextMs;
    this.causes.add(cause);
    if (!isNews) return;
    const forMs = nowMs - this.sinceMs;
    this.nextMs = nowMs + Math.min(LONGEST_AGAIN_MS, Math.max(FIRST_AGAIN_MS, forMs));
    const words = this.tries === 1 ? 'is down' : `is still down after ${this.tries} tries in ${inWords(forMs)}`;
    this.tell('warn', `${words}: ${detail}`, { cause });
  }

  /** It runs, perhaps again. */
  over(): void {
    if (this.tries > 0) this.tell('info', `is up again after ${inWords(this.parts.clock.monotonic() - this.sinceMs)}`, {});
    this.tries = 0;
    this.causes.clear();
  }

  private tell(level: 'info' | 'warn', words: string, facts: Readonly<Record<string, unknown>>): void {
    const { camera, tries, sinceMs } = this;
    const { clock, log } = this.parts;
    const since = new Date(clock.now() - (clock.monotonic() - sinceMs)).toISOString();
    log(level, `Camera ${camera} ${words}`, { camera, ...facts, tries, since });
  }
}

/** A duration for people: `45 s`, `12 min`, `3 h`. */
function inWords(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  return ms < 2 * 60 * 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / (60 * 60_000))} h`;
}
