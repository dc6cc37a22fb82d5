import { CameraStream } from '../connectors/index.ts';
import type { Clock } from '../engine/clock.ts';
import type { BusItem } from '../engine/frames/frame.ts';
import type { Log } from '../engine/log/index.ts';
import type { MarkRecord } from '../engine/records/record.ts';
import type { Leases } from '../engine/state/index.ts';
import { readRecordedOf } from './recorded.ts';
import { sessionsAboveLog } from './sessions-above-log.ts';

/** For the one request that a session takes; nobody keeps the lease for longer, since connectors are to find the camera free. */
const LEASE_MS = 5_000;
/** No frame that arrives later can have an earlier time. */
const HEARTBEAT_LAG_MS = 2_000;

export interface SilentCameraNeeds {
  readonly log: Log;
  readonly leases: Leases;
  readonly clock: Clock;
}

/**
 * Speaks for a live camera that no process connects: `down` in a session of its own, then heartbeats, so that windows close and alerts
 * open. Whoever connects the camera gets a session above this one; what is still said here then is dropped by place.
 */
export class SilentCamera {
  private readonly id: string;
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly stream: CameraStream;
  private said: MarkRecord[] = [];

  /** Begins a session and says `down`. @returns nothing when somebody has taken the camera meanwhile */
  static async begin(id: string, { log, leases, clock }: SilentCameraNeeds): Promise<SilentCamera | undefined> {
    await log.assign([id]);
    const lease = await leases.acquire(id, LEASE_MS);
    if (lease === undefined) return undefined;
    try {
      const recorded = (await readRecordedOf(log, new Map([[id, false]]))).get(id);
      const session = await sessionsAboveLog(lease.sessions, () => recorded).beginLive(id, clock.now());
      const time = Math.max(recorded?.time ?? 0, lease.lastTime ?? 0);
      const camera = new SilentCamera(id, log, clock, time);
      await camera.tellDown(session, recorded?.framesUntil);
      return camera;
    } finally {
      await lease.release();
    }
  }

  private constructor(id: string, log: Log, clock: Clock, time: number) {
    this.id = id;
    this.log = log;
    this.clock = clock;
    const put = (item: BusItem) => {
      if (item.type === 'mark') this.said.push(item);
    };
    const sink = { put, room: () => Promise.resolve(), close: () => {} };
    this.stream = new CameraStream(id, 'arrival', sink, { session: 0, seq: 0, time });
  }

  /** Time goes on, though nobody sees anything. */
  async heartbeat(): Promise<void> {
    this.stream.mark('heartbeat', this.clock.now() - HEARTBEAT_LAG_MS);
    await this.write();
  }

  private async tellDown(session: number, since: number | undefined): Promise<void> {
    this.stream.begin(session);
    const detail = 'no process of this site connects it; one with the role connect is missing, or cannot take more';
    this.stream.mark('down', this.clock.now(), { cause: 'no connector', detail, ...(since === undefined ? {} : { since }) });
    await this.write();
  }

  private async write(): Promise<void> {
    await this.log.append('detections', this.log.partitionOf(this.id), this.said.splice(0));
  }
}
