import type { Position } from '../../log/log.ts';
import { comparePlaces, type Place } from '../../records/place.ts';

interface Open {
  readonly position: Position;
  /** `undefined`: nothing that anybody could answer. */
  readonly last: { readonly camera: string; readonly place: Place } | undefined;
}

/**
 * Up to where everything of a partition is answered, without holes: a record is when its camera is, up to its last place. Answers of
 * cameras come in any order, the position moves with the slowest.
 */
export class AnsweredPositions {
  private readonly done: Map<string, Place>;
  private open: Open[] = [];
  private upTo: Position;

  /** @param from the first position that is read @param done how far cameras are answered already */
  constructor(from: Position, done: ReadonlyMap<string, Place>) {
    this.upTo = from;
    this.done = new Map(done);
  }

  /** The first record that is not answered. */
  get position(): Position {
    return this.open[0]?.position ?? this.upTo;
  }

  /** A record was read. */
  read(position: Position, camera: string, place: Place | undefined): void {
    const last = place && { camera, place };
    this.upTo = position + 1;
    if (this.open.length > 0 || !this.isAnswered(last)) this.open.push({ position, last });
  }

  answered(camera: string, place: Place): void {
    const before = this.done.get(camera);
    if (before !== undefined && comparePlaces(place, before) <= 0) return;
    this.done.set(camera, place);
    const first = this.open.findIndex(({ last }) => !this.isAnswered(last));
    if (first !== 0) this.open = first === -1 ? [] : this.open.slice(first);
  }

  private isAnswered(last: Open['last']): boolean {
    if (last === undefined) return true;
    const done = this.done.get(last.camera);
    return done !== undefined && comparePlaces(last.place, done) <= 0;
  }
}
