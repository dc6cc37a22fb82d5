import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Configuration, OperatorSettings } from '../engine/config/configuration.ts';
import { readConfiguration } from '../engine/config/read-configuration.ts';
import { sentenceOf } from '../engine/errors.ts';
import type { SiteParts } from './site-parts.ts';

/** An editor writes a file in several steps; it is read once it has been left alone this long. */
const SETTLED_MS = 200;
/** Parts of the file that take effect at the next start only. */
const AT_NEXT_START = ['model', 'workers', 'log', 'state', 'keep', 'server', 'timezone'] as const;

interface Following {
  readonly file: string;
  readonly operators: OperatorSettings;
  readonly apply: (configuration: Configuration) => Promise<unknown>;
}

/**
 * Applies edits of the configuration file while the site runs, one after the other. What is wrong is told with line and column, and the
 * old configuration goes on.
 */
export class FollowedConfiguration {
  private readonly parts: SiteParts;
  private readonly following: Following;
  private current: Configuration;
  private last: Promise<unknown> = Promise.resolve();

  constructor(parts: SiteParts, following: Following) {
    this.parts = parts;
    this.following = following;
    this.current = parts.configuration;
  }

  /** Looks at the file after each change of it. @returns a function that ends it */
  watch(): () => void {
    const { file } = this.following;
    let cancel = () => {};
    // The folder, not the file: editors replace the file by a new one.
    const watcher = watch(dirname(file), (_event, name) => {
      if (name !== null && name !== basename(file)) return;
      cancel();
      cancel = this.parts.clock.after(SETTLED_MS, () => void this.read().catch(() => {})); // It is told in the log.
    });
    return () => {
      cancel();
      watcher.close();
    };
  }

  /** Brings the site to what stands in the file now. Rejects with the reason when it is refused. */
  read(): Promise<void> {
    const done = this.last.then(() => this.readNow());
    this.last = done.catch(() => {});
    return done;
  }

  private async readNow(): Promise<void> {
    const { file, operators, apply } = this.following;
    const { logger } = this.parts;
    try {
      const next = readConfiguration(file, { operators });
      const waiting = AT_NEXT_START.filter((key) => JSON.stringify(next[key]) !== JSON.stringify(this.current[key]));
      if (waiting.length > 0) logger.warn({ file, keys: waiting }, 'These changes of the configuration take effect at the next start');
      if (JSON.stringify(reveal(next)) === JSON.stringify(reveal(this.current))) return;
      logger.info({ file, changes: await apply(next) }, 'The configuration was applied');
      this.current = next;
    } catch (error) {
      logger.error({ file, problems: sentenceOf(error).split('\n') }, 'The configuration is refused; the former one goes on');
      throw error;
    }
  }
}

/** Addresses hide their passwords when printed, but a changed password is a change. */
function reveal(configuration: Configuration): unknown {
  return { ...configuration, cameras: configuration.cameras.map((camera) => ({ ...camera, url: camera.url.reveal() })) };
}
