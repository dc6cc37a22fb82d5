import type { DetectionsRecord, MarkRecord } from '../../../../engine/records/record.ts';
import type { RecordOf } from '../../../../engine/records/topic.ts';
import { CRASH, REVIVE, STALL, type Step, TAKEOVER, tick } from '../../../keyed-task-driver.ts';
import { detected, frame, gap, mark, timeOf } from '../../../records.ts';
import { POISON } from './operators.ts';

type Detections = RecordOf<'detections'>;

/** Random numbers from a seed, 0 to below 1 (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * What a detect stage writes about one camera, with everything that makes it hard: frames shed into gaps, crashes after which places
 * come again with other content and inside gaps with other borders, holes, poison, new sessions. Times follow the places and never fall.
 */
class RandomCamera {
  private readonly camera: string;
  private readonly random: () => number;
  private session = 1;
  private next = 0;
  /** Event time at place 0 of the session, as a number of frames since the start. */
  private offset = 0;

  constructor(camera: string, random: () => number) {
    this.camera = camera;
    this.random = random;
  }

  write(): Detections {
    if (this.next === 0) return this.advance(1, this.mark('up'));
    if (this.chance(0.12))
      this.next = Math.max(0, this.next - this.upTo(6)); // the stage crashed and does some places again
    else if (this.chance(0.04))
      this.next += this.upTo(3); // records were lost
    else if (this.chance(0.03)) return this.beginSession();
    if (this.chance(0.25)) return this.gap();
    return this.advance(1, this.chance(0.1) ? this.mark('heartbeat') : this.frame());
  }

  private beginSession(): Detections {
    this.offset += this.next;
    this.session += this.upTo(3);
    this.next = 0;
    return this.advance(1, this.mark('up'));
  }

  private gap(): Detections {
    const [from, to] = [this.next, this.next + this.upTo(14) - 1];
    const facts = { ...this.facts(from), until: timeOf(this.offset + to) };
    return this.advance(to - from + 1, gap(from, to, this.chance(0.5) ? 'stale' : 'overload', facts));
  }

  private frame(): DetectionsRecord {
    const objects = Array.from({ length: this.upTo(4) - 1 }, () => detected(this.chance(0.04) ? POISON : 'parcel'));
    return frame(this.next, objects, this.facts(this.next));
  }

  private mark(kind: 'up' | 'heartbeat'): MarkRecord {
    return mark(kind, this.next, this.facts(this.next));
  }

  private facts(seq: number) {
    return { camera: this.camera, session: this.session, time: timeOf(this.offset + seq) };
  }

  private advance<R>(places: number, record: R): R {
    this.next += places;
    return record;
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private upTo(most: number): number {
    return 1 + Math.floor(this.random() * most);
  }
}

/** A run over three cameras, of so many records: what is written, and what happens to the processes in between. */
export function randomSteps(seed: number, records: number): { readonly steps: readonly Step[]; readonly written: readonly Detections[] } {
  const random = randomFrom(seed);
  const cameras = ['dock-1', 'dock-2', 'dock-3'].map((camera) => new RandomCamera(camera, random));
  const written: Detections[] = [];
  const steps: Step[] = [];
  while (written.length < records) {
    const batch = Array.from(
      { length: 1 + Math.floor(random() * 6) },
      () => cameras[Math.floor(random() * cameras.length)]?.write() ?? mark('up'),
    );
    written.push(...batch);
    steps.push(batch);
    if (random() < 0.3) steps.push(tick(Math.floor(random() * 700)));
    if (random() < 0.35) steps.push(disturbance(random()));
  }
  return { steps, written };
}

function disturbance(choice: number): Step {
  if (choice < 0.5) return CRASH;
  if (choice < 0.65) return TAKEOVER;
  return choice < 0.85 ? STALL : REVIVE;
}
