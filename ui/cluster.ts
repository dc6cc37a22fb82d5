import type { CameraState } from './protocol.ts';

/** What `GET /api/cluster` answers: who works on this site, and on what. One process shows itself. */
export interface ClusterAnswer {
  /** Milliseconds since 1970 by the clock of the server that answers. */
  readonly now: number;
  /** The member that answers. */
  readonly self: string;
  readonly members: readonly ClusterMember[];
  /** Parts of the configuration in which members differ; empty when all agree. */
  readonly differences: readonly ClusterDifference[];
  /** Every camera of the answering member's configuration, in its order. */
  readonly cameras: readonly ClusterCamera[];
  readonly partitions: readonly ClusterPartition[];
  readonly log: ClusterStore;
  readonly state: ClusterStore;
}

export interface ClusterMember {
  /** Host, process and a number of its own: a process that is started again is another member. */
  readonly id: string;
  /** What it says about itself; absent when another version of Ocelli speaks, which this one does not understand. */
  readonly facts?: ClusterMemberFacts;
}

export interface ClusterMemberFacts {
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  /** `all`: the whole site in one process. */
  readonly roles: readonly string[];
  readonly uptimeMs: number;
  /** How far its clock is ahead of that of the state store, milliseconds. */
  readonly aheadMs: number;
  /** Where its server answers. */
  readonly url?: string;
  /** Hashes of the parts of its configuration that all members must agree on. */
  readonly settings: Readonly<Record<string, string>>;
  /** Cameras that it holds. */
  readonly cameras?: number;
  readonly detect?: { readonly workers: number; readonly framesPerSecond: number };
  /** Tasks that it works on. */
  readonly tasks?: number;
  /** Open pages. */
  readonly watchers?: number;
}

export interface ClusterDifference {
  /** Part of the configuration, such as `cameras`. */
  readonly part: string;
  /** Who has which, the one that most have first. */
  readonly values: readonly { readonly hash: string; readonly members: readonly string[] }[];
}

export interface ClusterCamera {
  readonly id: string;
  readonly enabled: boolean;
  /** Where its records lie; absent before its first one. */
  readonly partition?: number;
  /** Who watches it; absent while nobody does. */
  readonly member?: string;
  readonly state?: CameraState;
}

export interface ClusterPartition {
  readonly partition: number;
  /** Frames that wait to be looked at; absent in one process, where they do not travel, and while nobody looks. */
  readonly frames?: { readonly member: string; readonly lag: number };
  /** Detections that wait to be analysed; absent while nobody analyses. */
  readonly task?: ClusterTask;
}

export interface ClusterTask {
  readonly member: string;
  /** The first record that is not processed, and the first that is not in the saved state. */
  readonly position: number;
  readonly saved: number;
  /** Rises each time that the task is taken over. */
  readonly epoch: number;
  readonly lag: number;
}

export interface ClusterStore {
  readonly kind: 'sqlite' | 'kafka' | 'redis';
  /** Its address, without user and password. */
  readonly where: string;
  /** How long its last answer took, milliseconds; absent before the first. */
  readonly answeredMs?: number;
  /** What is wrong with it, as a sentence. */
  readonly trouble?: string;
}
