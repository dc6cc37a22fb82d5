import type { Configuration } from '../engine/config/configuration.ts';
import type { Readiness } from '../ui/server/health-routes.ts';
import type { Member } from './member.ts';
import type { SiteParts } from './site-parts.ts';

/** One of the roles at work in this process. */
export interface Role {
  /** Begins to work. Called once, when the other members can see this one; returns at once. */
  start(): void;
  /** Rejects when the role cannot go on. */
  readonly failed: Promise<never>;
  /** What it waits for before it can do its work, as sentences; empty when it is ready. */
  waiting(): readonly string[];
  /** The configuration file was edited. Not there: only the next start sees it. */
  apply?(configuration: Configuration): Promise<unknown>;
  /** Takes nothing new, finishes what it has begun, and gives back what it holds to the other members. */
  drain(): Promise<void>;
}

/** What every role is given. */
export interface RoleParts extends SiteParts {
  readonly member: Member;
  /** The configuration file: relative paths begin there. */
  readonly file: string;
  /** Of all roles of this process together. */
  readonly readiness: () => Readiness;
  /** Brings every role of this process to what stands in the configuration file now. Rejects with the reason when it is refused. */
  readonly readConfiguration: () => Promise<void>;
}

/** What answers HTTP in this process: the whole site for people with `serve`, else health and metrics. */
export interface RoleServer {
  readonly url: string;
  close(): Promise<void>;
}
