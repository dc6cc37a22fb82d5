import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Configuration, OperatorSettings } from '../engine/config/configuration.ts';
import { inFileOrder, inspectConfiguration } from '../engine/config/inspect-configuration.ts';
import { readText, refuseProblems } from '../engine/config/read-configuration.ts';
import { sentenceOf } from '../engine/errors.ts';
import { modelObstacle } from './obstacles.ts';
import { lowScoreOf } from './operator-settings.ts';
import type { SiteParts } from './site-parts.ts';

/** An editor writes a file in several steps; it is read once it has been left alone this long. */
const SETTLED_MS = 200;
/** Parts of the file that take effect at the next start only. */
const AT_NEXT_START = ['model', 'provider', 'workers', 'log', 'state', 'keep', 'pictures', 'server', 'timezone'] as const;

interface Following {
  readonly file: string;
  readonly operators: OperatorSettings;
  /** Brings the site to it; gives the changes of its cameras, one for each role that watches some. */
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
    const { file } = this.following;
    try {
      await this.follow(await this.readTried());
    } catch (error) {
      this.parts.logger.error({ file, problems: sentenceOf(error).split('\n') }, 'The configuration is refused; the former one goes on');
      throw error;
    }
  }

  /** A model is not taken before the next start, but whoever names a wrong one is there now. */
  private async readTried(): Promise<Configuration> {
    const { file, operators } = this.following;
    const { problems, configuration, parts, locate } = inspectConfiguration(readText(file), file, { operators });
    const isNewModel = parts.model !== undefined && parts.model !== this.current.model;
    const obstacle = isNewModel ? await modelObstacle(parts.model, file) : undefined;
    refuseProblems(obstacle === undefined ? problems : inFileOrder([...problems, locate(obstacle.path, obstacle.sentence)]));
    return configuration as Configuration;
  }

  private async follow(next: Configuration): Promise<void> {
    const { file, apply } = this.following;
    const { logger } = this.parts;
    const waiting = atNextStart(this.current, next);
    if (waiting.length > 0) logger.warn({ file, keys: waiting }, 'These changes of the configuration take effect at the next start');
    if (JSON.stringify(reveal(next)) === JSON.stringify(reveal(this.current))) return;
    const changes = touched(await apply(next));
    if (Object.keys(changes).length > 0) logger.info({ file, changes }, 'The configuration was applied');
    this.current = next;
  }
}

/** The keys whose changes nothing takes before the next start. Tracking takes its lowest score at once, the detector does not. */
function atNextStart(current: Configuration, next: Configuration): readonly string[] {
  const keys = AT_NEXT_START.filter((key) => JSON.stringify(next[key]) !== JSON.stringify(current[key]));
  return lowScoreOf(next) === lowScoreOf(current) ? keys : [...keys, 'track.lowScore'];
}

/** Without what did not happen. */
function touched(changes: unknown): Readonly<Record<string, unknown>> {
  const lists = [changes].flat().flatMap((one) => Object.entries((one ?? {}) as Readonly<Record<string, readonly string[]>>));
  return Object.fromEntries(lists.filter(([, cameras]) => Array.isArray(cameras) && cameras.length > 0));
}

/** Addresses hide their passwords when printed, but a changed password is a change. */
function reveal(configuration: Configuration): unknown {
  return { ...configuration, cameras: configuration.cameras.map((camera) => ({ ...camera, url: camera.url.reveal() })) };
}
