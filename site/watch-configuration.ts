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

interface Watching {
  readonly file: string;
  readonly operators: OperatorSettings;
  readonly apply: (configuration: Configuration) => Promise<unknown>;
}

/**
 * Applies edits of the configuration file while the site runs. What is wrong is told with line and column, and the old configuration
 * goes on. @returns a function that ends it.
 */
export function watchConfiguration({ configuration, logger, clock }: SiteParts, { file, operators, apply }: Watching): () => void {
  let current = configuration;
  let cancel = () => {};
  // The folder, not the file: editors replace the file by a new one.
  const watcher = watch(dirname(file), (_event, name) => {
    if (name !== null && name !== basename(file)) return;
    cancel();
    cancel = clock.after(SETTLED_MS, () => void read());
  });
  async function read(): Promise<void> {
    try {
      const next = readConfiguration(file, { operators });
      const waiting = AT_NEXT_START.filter((key) => JSON.stringify(next[key]) !== JSON.stringify(current[key]));
      if (waiting.length > 0) logger.warn({ file, keys: waiting }, 'These changes of the configuration take effect at the next start');
      if (JSON.stringify(reveal(next)) === JSON.stringify(reveal(current))) return;
      logger.info({ file, changes: await apply(next) }, 'The configuration was applied');
      current = next;
    } catch (error) {
      logger.error({ file, problems: sentenceOf(error).split('\n') }, 'The configuration is refused; the former one goes on');
    }
  }
  return () => {
    cancel();
    watcher.close();
  };
}

/** Addresses hide their passwords when printed, but a changed password is a change. */
function reveal(configuration: Configuration): unknown {
  return { ...configuration, cameras: configuration.cameras.map((camera) => ({ ...camera, url: camera.url.reveal() })) };
}
