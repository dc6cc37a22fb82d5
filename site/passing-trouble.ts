import { sentenceOf } from '../engine/errors.ts';
import type { Logger } from '../engine/observe/logger.ts';

/** What fails again and again and passes by itself: told once when it begins, and once when it is over. */
export class PassingTrouble {
  private readonly logger: Logger;
  private readonly sentences: { readonly met: string; readonly over: string };
  private lasts = false;

  constructor(logger: Logger, sentences: { readonly met: string; readonly over: string }) {
    this.logger = logger;
    this.sentences = sentences;
  }

  met(error: unknown, facts: Readonly<Record<string, unknown>> = {}): void {
    if (!this.lasts) this.logger.warn({ ...facts, error: sentenceOf(error) }, this.sentences.met);
    this.lasts = true;
  }

  over(): void {
    if (this.lasts) this.logger.info({}, this.sentences.over);
    this.lasts = false;
  }
}
