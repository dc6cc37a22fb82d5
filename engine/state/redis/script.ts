import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Argument, Client } from './client.ts';
import { isScriptUnknown } from './redis-error.ts';

/** What a script answers: a word that says how it went, and what belongs to it. */
export type Answer = readonly [word: string, ...facts: string[]];

/**
 * One transition as one Lua script: Redis runs it as a whole, with nothing in between. The file says what it guarantees; its name ends
 * with the number of its keys.
 */
export class Script {
  readonly name: string;
  private readonly source: string;
  private readonly sha1: string;

  /** @param name of the file in `commands/`, without `.lua` */
  constructor(name: string) {
    this.name = name;
    this.source = readFileSync(new URL(`./commands/${name}.lua`, import.meta.url), 'utf8');
    this.sha1 = createHash('sha1').update(this.source).digest('hex');
  }

  async run(client: Client, keys: readonly string[], args: readonly Argument[]): Promise<Answer> {
    return (await this.evaluate((...command) => client.text(...command), keys, args)) as Answer;
  }

  /** As `run`, with an answer of bytes. */
  async runForBytes(client: Client, keys: readonly string[], args: readonly Argument[]): Promise<readonly unknown[]> {
    return (await this.evaluate((...command) => client.bytes(...command), keys, args)) as readonly unknown[];
  }

  /** By its hash; a server that was started anew, or that forgot its scripts, gets the source, once. */
  private async evaluate(send: Client['text'], keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await send('EVALSHA', this.sha1, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isScriptUnknown(error)) throw error;
      return send('EVAL', this.source, keys.length, ...keys, ...args);
    }
  }
}
