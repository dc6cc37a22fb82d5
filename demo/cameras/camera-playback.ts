import type { Clip, Frame } from './clip.ts';

/**
 * A clip that runs in a loop without end. Frame numbers go on rising over the loops: frame 300 of a clip of 300 frames is its first
 * picture, shown the second time. Ticks are 90 000 a second, on the clock of the cameras.
 */
export interface Playback {
  readonly clip: Clip;
  /** 2 shows twice as many frames a second. */
  readonly speed: number;
  /** A frame, and when it is due: all others follow from it. */
  readonly anchorFrame: number;
  readonly anchorTicks: number;
}

/** A playback and the frame to send next. */
export interface Cursor {
  readonly playback: Playback;
  readonly frame: number;
}

/** The picture that stands behind a rising frame number. */
export function frameOf({ clip }: Playback, frame: number): Frame {
  return clip.frames[frame % clip.frames.length];
}

/** When a frame is due. */
export function dueTicks(playback: Playback, frame: number): number {
  const { clip, anchorFrame, anchorTicks, speed } = playback;
  return anchorTicks + Math.ceil((mediaTicks(clip, frame) - mediaTicks(clip, anchorFrame)) / speed - 1e-6);
}

/** The newest frame that is due at `ticks`, never below 0. */
export function frameAt(playback: Playback, ticks: number): number {
  const { clip, anchorFrame, anchorTicks, speed } = playback;
  const media = Math.max(0, mediaTicks(clip, anchorFrame) + (ticks - anchorTicks) * speed + 1e-3);
  const loop = Math.floor(media / clip.ticks);
  const within = clip.frames.findLastIndex((frame) => frame.ticks <= media - loop * clip.ticks);
  return loop * clip.frames.length + within;
}

/**
 * Where a viewer begins, or goes on after it has missed frames: at the newest key frame above `lastSent`. A key frame that was due before
 * is sent now, and all that follows comes later by the same time: the first picture is there at once, and neither the times in the packets
 * nor their arrival jump, as they would if the frames since were sent in a heap. Is there no such key frame yet, the viewer waits for it.
 */
export function joinAt(camera: Playback, nowTicks: number, lastSent = -1): Cursor {
  const frame = Math.max(keyFrameUpTo(camera, frameAt(camera, nowTicks)), keyFrameAbove(camera, lastSent));
  const late = Math.max(0, nowTicks - dueTicks(camera, frame));
  return { playback: { ...camera, anchorTicks: camera.anchorTicks + late }, frame };
}

/** Goes on at another speed from the cursor's frame, which keeps its time. */
export function atSpeed({ playback, frame }: Cursor, speed: number): Cursor {
  return { playback: { ...playback, speed, anchorFrame: frame, anchorTicks: dueTicks(playback, frame) }, frame };
}

/** Goes on with the first frame of another clip, at the time when the cursor's frame would have come. */
export function withClip({ playback, frame }: Cursor, clip: Clip): Cursor {
  return { playback: { ...playback, clip, anchorFrame: 0, anchorTicks: dueTicks(playback, frame) }, frame: 0 };
}

function mediaTicks(clip: Clip, frame: number): number {
  const loop = Math.floor(frame / clip.frames.length);
  return loop * clip.ticks + clip.frames[frame % clip.frames.length].ticks;
}

function keyFrameUpTo(playback: Playback, frame: number): number {
  let found = frame;
  while (!frameOf(playback, found).key) found--;
  return found;
}

function keyFrameAbove(playback: Playback, frame: number): number {
  let found = frame + 1;
  while (!frameOf(playback, found).key) found++;
  return found;
}
