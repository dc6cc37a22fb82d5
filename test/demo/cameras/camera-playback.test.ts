import { describe, expect, it } from 'vitest';
import { atSpeed, dueTicks, frameAt, joinAt, type Playback, withClip } from '../../../demo/cameras/camera-playback.ts';
import type { Clip } from '../../../demo/cameras/clip.ts';

/** Frames 6000 ticks apart (15 a second), key frames every 15. */
function clipOf(frames: number, ticksPerFrame = 6000): Clip {
  const pictures = Array.from({ length: frames }, (_, i) => ({ ticks: Math.round(i * ticksPerFrame), key: i % 15 === 0, nals: [] }));
  return {
    file: 'clip.mp4',
    width: 320,
    height: 180,
    fps: 90_000 / ticksPerFrame,
    ticks: Math.round(frames * ticksPerFrame),
    sps: [],
    pps: [],
    frames: pictures,
  };
}

const playback: Playback = { clip: clipOf(45), speed: 1, anchorFrame: 0, anchorTicks: 1_000_000 };

describe('a looped clip', () => {
  it('goes on at the same pace across the loop point', () => {
    const due = Array.from({ length: 200 }, (_, frame) => dueTicks(playback, frame));
    expect(due.slice(1).every((ticks, i) => ticks - due[i] === 6000)).toBe(true);
  });

  it('knows the newest frame of every moment, at any speed', () => {
    for (const speed of [0.01, 0.3, 1, 2, 3, 7.3]) {
      const fast = { ...playback, speed };
      for (let frame = 0; frame < 200; frame++) {
        expect(frameAt(fast, dueTicks(fast, frame))).toBe(frame);
        expect(frameAt(fast, dueTicks(fast, frame + 1) - 1)).toBe(frame);
      }
    }
  });

  it('has no frame before the first', () => {
    expect(frameAt(playback, 0)).toBe(0);
  });

  it('doubles the frames a second at double speed, without a jump', () => {
    const fast = atSpeed({ playback, frame: 50 }, 2);
    expect(dueTicks(fast.playback, 50)).toBe(dueTicks(playback, 50));
    expect(dueTicks(fast.playback, 51) - dueTicks(fast.playback, 50)).toBe(3000);
  });

  it('shows another clip from its first frame at the moment when the next frame was due', () => {
    const { playback: other, frame } = withClip({ playback, frame: 50 }, clipOf(30, 3000));
    expect(frame).toBe(0);
    expect(dueTicks(other, 0)).toBe(dueTicks(playback, 50));
    expect(dueTicks(other, 1) - dueTicks(other, 0)).toBe(3000);
  });
});

describe('a viewer that comes late', () => {
  it('gets the newest key frame at once and the rest at the pace of the camera', () => {
    const now = dueTicks(playback, 70) + 100;
    const joined = joinAt(playback, now);
    expect(joined.frame).toBe(60);
    expect(dueTicks(joined.playback, 60)).toBe(now);
    expect(dueTicks(joined.playback, 61)).toBe(now + 6000);
  });

  it('never gets a frame twice: it waits for the next key frame if it has seen the newest', () => {
    const joined = joinAt(playback, dueTicks(playback, 70), 65);
    expect(joined.frame).toBe(75);
    expect(dueTicks(joined.playback, 75)).toBe(dueTicks(playback, 75));
  });

  it('leaves out all groups of pictures that it has missed', () => {
    expect(joinAt(playback, dueTicks(playback, 200), 65).frame).toBe(195);
  });
});
