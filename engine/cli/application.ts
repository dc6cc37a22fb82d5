import type { Configuration, OperatorSettings } from '../config/configuration.ts';
import type { JudgedParts } from '../config/inspect-configuration.ts';
import type { Probe } from '../config/probe-answer.ts';
import type { LogReader } from '../log/log.ts';
import type { Logger } from '../observe/logger.ts';
import type { ImageSize } from '../records/record.ts';
import type { RoleName } from './role-names.ts';

/** What stands in the way of running a configuration that is right by itself. */
export interface Obstacle {
  /** Where in the configuration. */
  readonly path: readonly PropertyKey[];
  /** What follows the name of that place. */
  readonly sentence: string;
}

/** What the commands need of the program that they stand in front of: `main.ts` knows all folders, the commands only this. */
export interface Application {
  readonly version: string;
  /** The settings of operators, by the name of their part of the configuration file. */
  readonly operators: OperatorSettings;
  /** Looks whether what a configuration names is there and of use. `file` is where relative paths begin. */
  obstacles(parts: JudgedParts, file: string): Promise<readonly Obstacle[]>;
  /** Starts everything that a configuration asks for. `file` is where relative paths begin. */
  start(configuration: Configuration, options: StartOptions): Promise<RunningSite>;
  /** Starts the demo: simulated cameras with the project's own footage. */
  startDemo(options: DemoOptions): Promise<RunningSite>;
  /** Tries a camera as a site would open it. */
  readonly probe: Probe;
  /** Opens the log of a configuration for reading, also while a site writes it. */
  openLog(configuration: Configuration, file: string): Promise<LogReader>;
  /** Runs the keyed operators over recorded detections, with their settings of a configuration or as recorded; gives what they emit. */
  replay(
    detections: AsyncIterable<string>,
    configuration: Configuration | undefined,
  ): AsyncIterable<{ readonly topic: string; readonly record: unknown }>;
  /** Accepts that tasks without state begin anew; says where each task goes on. Refused while a site writes the log. */
  beginAgain(configuration: Configuration, file: string): Promise<readonly TaskStart[]>;
  /** Copies log and state into a new file, also while a site writes them. */
  backUp(configuration: Configuration, file: string, target: string): Promise<BackupReport>;
  /** The size of picture that the model of a configuration takes. */
  modelInput(configuration: Configuration, file: string): Promise<ImageSize>;
  /** The operators in their order: what they consume and emit, and their settings. */
  describe(): readonly OperatorDescription[];
}

export interface StartOptions {
  /** Of this Ocelli. */
  readonly version: string;
  readonly file: string;
  readonly logger: Logger;
  /** End when every recording has ended and everything is committed. */
  readonly untilEnd: boolean;
  /** The configuration comes from no file: why its cameras cannot be changed, as a sentence. */
  readonly fixed?: string;
  /** Where the server listens, instead of where the configuration says. */
  readonly listen?: { readonly host?: string; readonly port?: number };
  /** What this process does of a distributed site; without it everything. */
  readonly roles?: readonly RoleName[];
}

export interface DemoOptions {
  readonly version: string;
  readonly logger: Logger;
  readonly port: number;
  /** Where the demo keeps its log, in `data/`. */
  readonly folder: string;
}

export interface RunningSite {
  /** Where the server answers. */
  readonly url: string;
  /** Resolves when nothing is left to do (`untilEnd`); rejects with what brought the site down. */
  readonly finished: Promise<void>;
  /** Stops taking frames, commits everything, closes. */
  drain(): Promise<void>;
}

export interface TaskStart {
  readonly task: string;
  /** The first input that is not in the state; 0 when there is none. */
  readonly position: number;
}

export interface BackupReport {
  readonly bytes: number;
  /** The positions of each topic that the copy holds: from `start` on, up to before `end`. */
  readonly topics: Readonly<Record<string, { readonly start: number; readonly end: number }>>;
}

export interface OperatorDescription {
  readonly name: string;
  readonly kind: 'batch' | 'keyed';
  readonly consumes: string;
  readonly emits: readonly string[];
}
