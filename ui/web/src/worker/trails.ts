import type { TracksRecord } from '../../../../engine/records/record.ts';

const LENGTH_MS = 1500;

/** Where the middle of a track's lower edge was, in 0…1 of the picture. */
export interface TrailPoint {
  readonly time: number;
  readonly x: number;
  readonly y: number;
}

/** The way of each track over the last second and a half of event time. */
export class Trails {
  private readonly points = new Map<string, TrailPoint[]>();

  take({ objects, time }: TracksRecord): void {
    for (const { track, box } of objects) {
      const point = { time, x: box[0] + box[2] / 2, y: box[1] + box[3] };
      this.points.set(track, [...(this.points.get(track) ?? []), point]);
    }
    for (const [track, points] of this.points) this.shorten(track, points, time);
  }

  of(track: string): readonly TrailPoint[] {
    return this.points.get(track) ?? [];
  }

  private shorten(track: string, points: readonly TrailPoint[], time: number): void {
    const kept = points.filter((point) => point.time > time - LENGTH_MS && point.time <= time);
    if (kept.length === 0) this.points.delete(track);
    else this.points.set(track, kept);
  }
}
