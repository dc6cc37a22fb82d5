import type { CameraStatus } from '../../connectors/index.ts';
import type { ClusterView } from '../../site/cluster-answer.ts';
import type { MemberFacts } from '../../site/member-facts.ts';

const STARTED_MS = 1_766_400_000_000;
export const NOW_MS = STARTED_MS + 60_000;

export function memberFacts(facts: Partial<MemberFacts> = {}): MemberFacts {
  const own = { host: 'edge-1', pid: 71, version: '1.0.0', startedMs: STARTED_MS, nowMs: NOW_MS, aheadMs: 3 };
  return { v: 1, ...own, roles: ['connect'], settings: { cameras: '33ebff672d50', model: '63c0296210ac' }, ...facts };
}

export function status(camera: string, facts: Partial<CameraStatus> = {}) {
  const counters = {
    frames: 7,
    packets: 7,
    lostPackets: 0,
    decodeErrors: 0,
    skippedPictures: 0,
    truncatedFrames: 0,
    skippedMessageBytes: 0,
  };
  return {
    camera,
    state: 'running',
    since: STARTED_MS,
    fps: 10,
    counters: { ...counters, restarts: {} },
    ...facts,
    lastLines: [],
  } as const;
}

/** One camera, its records in the only partition, and a member for each step of their way. */
export function clusterView(view: Partial<ClusterView> = {}): ClusterView {
  return {
    nowMs: NOW_MS,
    self: 'edge-2-80-c0ffee',
    members: new Map([
      ['edge-1-71-8ddb9e', memberFacts({ connect: { cameras: [{ ...status('dock-1'), lastLines: [] }], unreachable: [] } })],
      [
        'edge-2-80-c0ffee',
        memberFacts({
          ...{ host: 'edge-2', pid: 80, aheadMs: -12, url: 'http://127.0.0.1:8080', roles: ['detect', 'analyse', 'serve'] },
          detect: { workers: 2, framesPerSecond: 9.8, partitions: [0], lag: { 0: 1 } },
          analyse: { tasks: [{ partition: 0, position: 88_213, saved: 88_209, epoch: 4, lag: 0 }] },
          serve: { watchers: 1 },
        }),
      ],
    ]),
    holders: new Map([['dock-1', 'edge-1-71-8ddb9e']]),
    cameras: [{ id: 'dock-1', enabled: true }],
    partitions: 1,
    homes: new Map([['dock-1', 0]]),
    log: { kind: 'kafka', where: 'kafka://broker-1:9092', answeredMs: 4 },
    state: { kind: 'redis', where: 'redis://redis-1:6379/0', answeredMs: 1 },
    ...view,
  };
}
