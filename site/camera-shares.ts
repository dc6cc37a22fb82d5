import { fairShare, type ShareDecision } from '../engine/state/index.ts';

/** What a member with the role connect sees before it decides which cameras it takes. */
export interface CamerasSeen {
  readonly me: string;
  /** The enabled cameras of the configuration, in its order. */
  readonly cameras: readonly string[];
  /** The recordings that do not lie where they are looked for, by member with the role connect; `me` is among them. */
  readonly unreachable: ReadonlyMap<string, ReadonlySet<string>>;
  /** Who holds which camera. */
  readonly holders: ReadonlyMap<string, string>;
}

/**
 * Which cameras to take and to give back. What every member can watch is shared fairly. A recording that lies on some machines only is
 * taken by the first member that can open it, and stays there.
 */
export function shareCameras({ me, cameras, unreachable, holders }: CamerasSeen): ShareDecision {
  const names = cameras.filter((camera) => [...unreachable.values()].every((missing) => !missing.has(camera)));
  const shared = new Set(names);
  const onlyHere = cameras.filter((camera) => !shared.has(camera) && !unreachable.get(me)?.has(camera) && !holders.has(camera));
  const { take, give } = fairShare({ me, members: unreachable.keys(), names, holders });
  return { take: [...take, ...onlyHere], give };
}

/** Recordings that no member can open. */
export function nowhere({ cameras, unreachable }: CamerasSeen): string[] {
  return cameras.filter((camera) => [...unreachable.values()].every((missing) => missing.has(camera)));
}
