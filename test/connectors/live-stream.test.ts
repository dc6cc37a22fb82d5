import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../connectors/connector.ts';
import type { DecodedFrame } from '../../connectors/ffmpeg/decoder.ts';
import { LiveStream } from '../../connectors/live-stream.ts';
import type { Sessions } from '../../engine/state/sessions.ts';
import { ManualClock } from '../manual-clock.ts';
import { parts } from './parts.ts';
import { Recorder } from './recorder.ts';

const START = 1_766_400_000_000;

function stream({ known, sessions }: { known?: Recorded; sessions?: Partial<Sessions> } = {}) {
  const clock = new ManualClock(START);
  const sink = new Recorder();
  const given = parts(sink, { clock });
  const failures: unknown[] = [];
  const live = new LiveStream(
    'cam',
    { ...given, sessions: { ...given.sessions, ...sessions } },
    known,
    (error) => void failures.push(error),
  );
  /** A frame that was caught so long ago. */
  const frame = (agoMs = 0): DecodedFrame => ({
    timeUs: (clock.monotonic() - agoMs) * 1000,
    image: { width: 320, height: 180 },
    letterbox: { x: 0, y: 6, width: 320, height: 180 },
    pixels: new ArrayBuffer(8),
    arrivedMs: clock.monotonic(),
  });
  const up = async () => {
    live.up(frame(), {});
    live.frame(frame());
    await settled();
  };
  /** The story with times counted from the start. */
  const story = () => sink.story.map((line) => line.replace(/\d{13}/, (time) => String(Number(time) - START)));
  return { clock, sink, live, frame, up, story, failures };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const REFUSED = { cause: 'refused', detail: 'it refuses' } as const;

describe('what a live camera says', () => {
  it('waits, in order, until the number of its session is stored', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const { live, frame, clock, story } = stream({ sessions: { beginLive: () => promise } });
    live.up(frame(), {});
    live.frame(frame());
    clock.advance(100);
    live.frame(frame());
    live.tellDown(REFUSED);
    expect(story()).toEqual([]);
    resolve(7);
    await settled();
    expect(story().map((line) => line.split(' ')[0])).toEqual(['up', 'settings', 'frame', 'frame', 'down']);
  });

  it('keeps a handful of frames at most while it waits', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const { live, frame, sink } = stream({ sessions: { beginLive: () => promise } });
    live.up(frame(), {});
    for (let i = 0; i < 1000; i += 1) live.frame(frame());
    resolve(7);
    await settled();
    expect(sink.frames.length).toBe(16);
    expect(sink.breaches).toEqual([]);
  });

  it('counts the age of a frame from its first packet, not from the end of decoding', async () => {
    const { live, frame, up, clock, sink } = stream();
    await up();
    clock.advance(1000);
    live.frame(frame(300));
    expect(sink.frames.at(-1)).toMatchObject({ arrivedMs: clock.monotonic() - 300, decodedMs: 300 });
  });

  it('has a heartbeat for each second in which nothing else was said, two seconds behind', async () => {
    const { live, clock, up, story } = stream();
    await up();
    for (let i = 0; i < 20; i += 1) {
      clock.advance(250);
      live.tick();
    }
    expect(story().slice(3)).toEqual(['heartbeat 3 0', 'heartbeat 4 0', 'heartbeat 5 1000', 'heartbeat 6 2000', 'heartbeat 7 3000']);
  });

  it('has none while frames come', async () => {
    const { live, frame, clock, up, sink } = stream();
    await up();
    for (let i = 0; i < 20; i += 1) {
      clock.advance(250);
      live.frame(frame());
      live.tick();
    }
    expect(sink.marksOf('heartbeat')).toEqual([]);
  });

  it('after `down` are heartbeats and other causes, each once, until the next session', async () => {
    const { live, clock, up, story, sink } = stream();
    await up();
    clock.advance(100);
    live.tellDown(REFUSED);
    live.tellDown(REFUSED);
    clock.advance(1000);
    live.tick();
    live.tellDown({ cause: 'timeout', detail: 'it is silent' });
    live.applySettings({ hash: 'two', settings: {} });
    await up();
    expect(story().map((line) => line.replace(/ -?\d+$/, ''))).toEqual([
      'up 0',
      'settings 1',
      'frame 2',
      'down 3',
      'heartbeat 4',
      'down 5',
      'settings 6',
      'up 0',
      'settings 1',
      'frame 2',
    ]);
    expect(sink.marksOf('up').map(({ since }) => since)).toEqual([undefined, START]);
    expect(sink.breaches).toEqual([]);
  });

  it('begins with `down` when it could not be opened, and the first frame begins another session', async () => {
    const { live, up, sink } = stream();
    live.tellDown(REFUSED);
    await up();
    expect(sink.marks.map(({ mark, session, seq }) => `${mark} ${session}/${seq}`)).toEqual(['down 1/0', 'up 2/0', 'settings 2/1']);
    expect(sink.breaches).toEqual([]);
  });

  it('has times above the last one that the camera is known to have told', async () => {
    const known = { session: 3, seq: 9, time: START + 50_000 };
    const { up, clock, live, frame, story } = stream({ known });
    await up();
    clock.advance(100);
    live.frame(frame());
    expect(story()).toEqual(['up 0 50001', 'settings 1 50001', 'frame 2 50001', 'frame 3 50101']);
  });

  it('begins by telling when the last frame was that is known of it, once', async () => {
    const known = { session: 5, seq: 40, time: START - 2_000, framesUntil: START - 9_000 };
    const { sink, up, clock } = stream({ known });
    await up();
    expect(sink.marksOf('up')).toMatchObject([{ since: START - 9_000 }]);
    clock.advance(500);
    await up();
    expect(sink.marksOf('up')[1]).toMatchObject({ since: START });
  });

  it('has times that rise by a millisecond where they would stand still or fall', async () => {
    const { live, frame, clock, up, story } = stream();
    await up();
    clock.advance(100);
    live.frame(frame());
    live.frame(frame());
    live.frame(frame(50));
    expect(story().slice(3)).toEqual(['frame 3 100', 'frame 4 101', 'frame 5 102']);
  });

  it('tells when the clock of the machine was set, and its time does not fall', async () => {
    const { live, frame, clock, up, sink, story } = stream();
    await up();
    clock.advance(100);
    clock.set(START - 3_600_000);
    live.frame(frame());
    expect(story().slice(3)).toEqual(['clock 3 100', 'frame 4 100']);
    expect(sink.marksOf('clock')[0]).toMatchObject({ correctionMs: -3_600_100, detail: expect.stringMatching(/set back by 3600.1 s/) });
    clock.set(START + 7_200_000);
    live.frame(frame());
    expect(story().slice(5)).toEqual(['clock 5 7200000', 'frame 6 7200000']);
    expect(sink.breaches).toEqual([]);
  });

  it('is nothing when the number of its session cannot be stored; it is told, and tried again with the next cause', async () => {
    let broken = true;
    const beginLive = async () => {
      if (broken) throw new Error('the store is away');
      return 5;
    };
    const { live, sink, failures } = stream({ sessions: { beginLive } });
    live.tellDown(REFUSED);
    await settled();
    expect([sink.items, failures.map(String)]).toEqual([[], ['Error: the store is away']]);
    broken = false;
    live.tellDown(REFUSED);
    await settled();
    expect(sink.marks.map(({ mark }) => mark)).toEqual(['down']);
  });

  it('ends with `end` when the camera is removed', async () => {
    const { live, up, sink } = stream();
    await up();
    live.end('the camera was removed');
    expect(sink.marks.at(-1)).toMatchObject({ mark: 'end', cause: 'ended', since: START });
  });
});
