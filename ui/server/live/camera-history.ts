import type { GapReason, GapRecord, MarkRecord, StreamRecord } from '../../../engine/records/record.ts';
import type { HistoryMark, HistorySecond } from '../../history.ts';

const SECOND_MS = 1000;
const KEPT_SECONDS = 600;
const KEPT_MARKS = 200;

interface Second {
  frames: number;
  objects: number;
  gaps: Partial<Record<GapReason, number>>;
}

/** The last ten minutes of a camera by seconds of event time, as its committed records tell them. Bounded: 600 seconds, 200 marks. */
export class CameraHistory {
  private readonly seconds = new Map<number, Second>();
  private readonly kept: HistoryMark[] = [];

  take(record: StreamRecord): void {
    if (record.type === 'mark') this.mark(record);
    else if (record.type === 'gap') this.gap(record);
    else this.frame(record.time, record.objects.filter((object) => !('state' in object) || object.state !== 'coasting').length);
  }

  /** Every second in which something was said, in order. */
  list(): HistorySecond[] {
    return [...this.seconds].map(([second, facts]) => ({ time: second * SECOND_MS, ...facts, gaps: { ...facts.gaps } }));
  }

  marks(): readonly HistoryMark[] {
    return [...this.kept];
  }

  /** Why there are no frames, if the newest word about it is that there are none. */
  down(): HistoryMark | undefined {
    const newest = this.kept.findLast(({ mark }) => mark === 'up' || mark === 'down' || mark === 'end');
    return newest?.mark === 'down' ? newest : undefined;
  }

  /** Losses by reason over the last seconds of event time. */
  shed(seconds: number): Partial<Record<GapReason, number>> {
    const newest = this.newest();
    const sums: Partial<Record<GapReason, number>> = {};
    for (const [second, { gaps }] of this.seconds) {
      if (newest === undefined || second <= newest - seconds) continue;
      for (const [reason, frames] of Object.entries(gaps)) sums[reason as GapReason] = (sums[reason as GapReason] ?? 0) + frames;
    }
    return sums;
  }

  private frame(time: number, objects: number): void {
    const second = this.second(time);
    second.frames += 1;
    second.objects += objects;
  }

  /** A gap has the times of its first and last frame; the ones between are spread evenly. */
  private gap({ from, to, time, until, reason }: GapRecord): void {
    const frames = to - from + 1;
    const stepMs = frames > 1 ? (until - time) / (frames - 1) : 0;
    for (let frame = 0; frame < frames; frame += 1) {
      const second = this.second(time + frame * stepMs);
      second.gaps[reason] = (second.gaps[reason] ?? 0) + 1;
    }
  }

  private mark({ mark, time, cause, detail }: MarkRecord): void {
    this.second(time);
    if (mark === 'heartbeat') return;
    this.kept.push({ time, mark, ...(cause === undefined ? {} : { cause }), ...(detail === undefined ? {} : { detail }) });
    if (this.kept.length > KEPT_MARKS) this.kept.shift();
  }

  private second(time: number): Second {
    const key = Math.floor(time / SECOND_MS);
    const found = this.seconds.get(key) ?? { frames: 0, objects: 0, gaps: {} };
    this.seconds.set(key, found);
    for (const old of this.seconds.keys()) {
      if (old > key - KEPT_SECONDS) break;
      this.seconds.delete(old);
    }
    return found;
  }

  private newest(): number | undefined {
    return [...this.seconds.keys()].at(-1);
  }
}
