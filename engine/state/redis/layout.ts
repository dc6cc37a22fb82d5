import { randomUUID } from 'node:crypto';
import { OcelliError } from '../../errors.ts';
import type { Client } from './client.ts';
import type { Keys } from './keys.ts';
import { Script } from './script.ts';

/** Rises when the meaning of a key changes. */
const LAYOUT = 1;
const BEGIN = new Script('begin-layout-1');

export interface LayoutOptions {
  readonly keys: Keys;
  /** The address, for sentences. */
  readonly where: string;
  /** Whether an empty store may be taken for a new one: the log holds nothing that a task could have made from it. */
  readonly mayBegin: () => Promise<boolean>;
}

/**
 * The marker that tells a store that was emptied from a new one. It is written when a store is used first; from then on whoever finds it
 * missing, or another one, stops instead of beginning anew.
 *
 *   unknown ──marker is there──▶ known ◀──the same marker──┐
 *      │                          └────────────────────────┘
 *      ├── no marker, may begin: write it ──▶ known
 *      └── no marker, may not begin ──▶ STATE_LOST ◀── none, or another one ── known
 */
export class Layout {
  private readonly options: LayoutOptions;
  private known: string | undefined;

  constructor(options: LayoutOptions) {
    this.options = options;
  }

  /** @throws OcelliError STATE_LOST, STATE_NEWER_VERSION, STATE_CORRUPT */
  async verify(client: Client): Promise<void> {
    const store = (await this.read(client)) ?? (await this.begin(client));
    if (this.known !== undefined && store !== this.known) throw this.lost('was replaced by another one while it was in use');
    this.known = store;
  }

  private async read(client: Client): Promise<string | undefined> {
    const [layout, store] = (await client.text('HMGET', this.options.keys.version, 'layout', 'store')) as (string | null)[];
    if (layout == null && store == null) return undefined;
    this.checkLayout(layout ?? '');
    return store ?? '';
  }

  private async begin(client: Client): Promise<string> {
    const { keys, mayBegin } = this.options;
    if (this.known !== undefined) throw this.lost('was emptied while it was in use');
    if (Number(await client.text('SCARD', keys.tasks)) > 0) throw this.lost(`has lost ${keys.version}, and who knows what else`);
    if (!(await mayBegin())) throw this.lost('is empty, and the log is not');
    const [layout, store] = await BEGIN.run(client, [keys.version], [LAYOUT, randomUUID()]);
    this.checkLayout(layout);
    return store ?? '';
  }

  private checkLayout(layout: string): void {
    if (layout === String(LAYOUT)) return;
    const { where, keys } = this.options;
    if (Number(layout) > LAYOUT) {
      const sentence = `The state in ${where} was written by a newer Ocelli: its layout is ${layout}, this Ocelli knows ${LAYOUT}. Use the newer Ocelli, or another prefix.`;
      throw new OcelliError('STATE_NEWER_VERSION', sentence, { layout, known: LAYOUT });
    }
    const sentence = `${keys.version} in ${where} says layout "${layout}", which no Ocelli has written; expected ${LAYOUT}. Give the site a prefix of its own in \`state:\`.`;
    throw new OcelliError('STATE_CORRUPT', sentence, { layout });
  }

  private lost(what: string): OcelliError {
    const { where } = this.options;
    return new OcelliError(
      'STATE_LOST',
      `The state in ${where} ${what}. Restore it from its backup, however old: what is missing is made again from the log. Or accept that all tasks begin anew: ocelli state begin-again.`,
      { where },
    );
  }
}
