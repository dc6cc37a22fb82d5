import type { Clock } from '../../engine/clock.ts';
import { OcelliError } from '../../engine/errors.ts';
import { atSpeed, type Cursor, dueTicks, frameAt, type Playback, withClip } from './camera-playback.ts';
import { type Clip, TICKS_PER_SECOND } from './clip.ts';
import { type Faults, NO_FAULTS, type Order, withOrder } from './faults.ts';

/** Ticks of RTP time in a millisecond. */
export const TICKS_PER_MS = TICKS_PER_SECOND / 1000;

/** What all viewers of a camera together have got. */
export interface CameraCounters {
  connections: number;
  framesSent: number;
  /** Not sent because the viewer could not take them in time. */
  framesSkipped: number;
  packetsSent: number;
  /** Of RTP packets, headers included. */
  bytesSent: number;
  /** Answers that kept somebody out: 302, 401, 404, 503. */
  turnedAway: number;
}

/** One simulated camera: its clip runs in a loop whether anybody looks or not, and its faults follow orders. */
export class Camera {
  readonly name: string;
  readonly clock: Clock;
  readonly counters: CameraCounters = { connections: 0, framesSent: 0, framesSkipped: 0, packetsSent: 0, bytesSent: 0, turnedAway: 0 };
  /** Called with each order after the camera itself has obeyed it. */
  readonly listeners = new Set<(order: Order) => void>();
  readonly #clips: ReadonlyMap<string, Clip>;
  #faults: Faults = NO_FAULTS;
  #playback: Playback;
  #heldUntilTicks = 0;
  #clockOffsetTicks = 0;

  /** `clips` are all that an order can name; the camera's own bears its name. */
  constructor(name: string, clips: ReadonlyMap<string, Clip>, clock: Clock) {
    this.name = name;
    this.clock = clock;
    this.#clips = clips;
    this.#playback = { clip: this.#clipNamed(name), speed: 1, anchorFrame: 0, anchorTicks: this.nowTicks };
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** What runs now, frame 0 of it at the camera's start or at the last change of the clip. */
  get playback(): Playback {
    return this.#playback;
  }

  /** Until then what is due is kept back: see the order `burstMs`. */
  get heldUntilTicks(): number {
    return this.#heldUntilTicks;
  }

  /** By how much the time in the packets is wrong: see the order `clockJumpMs`. */
  get clockOffsetTicks(): number {
    return this.#clockOffsetTicks;
  }

  get nowTicks(): number {
    return Math.floor(this.clock.monotonic() * TICKS_PER_MS);
  }

  /** The newest frame that was due for a viewer without delay, and when, milliseconds since 1970. */
  get newest(): { newestFrame: number; newestFrameMs: number } {
    const newestFrame = frameAt(this.#playback, this.nowTicks);
    const ageMs = this.clock.monotonic() - dueTicks(this.#playback, newestFrame) / TICKS_PER_MS;
    return { newestFrame, newestFrameMs: this.clock.now() - ageMs };
  }

  /** Takes effect at once, for viewers that are there and for those that come. Throws, and changes nothing, if it names an unknown clip. */
  order(order: Order): void {
    const faults = withOrder(this.#faults, order);
    const clip = this.#clipNamed(faults.clip ?? this.name);
    this.#faults = faults;
    this.#playback = followed({ playback: this.#playback, frame: frameAt(this.#playback, this.nowTicks) + 1 }, clip, faults.speed).playback;
    if (order.burstMs !== undefined) this.#heldUntilTicks = this.nowTicks + Math.round(order.burstMs * TICKS_PER_MS);
    if (order.clockJumpMs !== undefined) this.#clockOffsetTicks += Math.round(order.clockJumpMs * TICKS_PER_MS);
    for (const listener of [...this.listeners]) listener(order);
  }

  #clipNamed(name: string): Clip {
    const clip = this.#clips.get(name);
    if (clip === undefined)
      throw new OcelliError('INPUT_INVALID', `there is no clip "${name}", known are: ${[...this.#clips.keys()].join(', ')}`);
    return clip;
  }
}

/** The cursor after a change of clip or speed; the same if neither has changed. */
export function followed(cursor: Cursor, clip: Clip, speed: number): Cursor {
  const switched = cursor.playback.clip === clip ? cursor : withClip(cursor, clip);
  return switched.playback.speed === speed ? switched : atSpeed(switched, speed);
}
