import { expect, it } from 'vitest';
import { RecordingSpeed } from '../../connectors/recording-speed.ts';

it('a recording is told with its frames, the time that it took, and the factor to the time that it shows', () => {
  const speed = new RecordingSpeed();
  for (let frame = 0; frame < 200; frame += 1) speed.frame(5_000_000 + frame * 100, 700 + frame * 25);
  expect(speed.inWords(5700)).toBe('200 frames in 5.0 s, 4.0 times as fast as real time');
});

it('a recording of which everything is recorded says so', () => {
  expect(new RecordingSpeed().inWords(1000)).toBe('nothing in it was new');
});

it('a recording of one picture has no rate', () => {
  const speed = new RecordingSpeed();
  speed.frame(0, 0);
  expect(speed.inWords(300)).toBe('1 frame in 0.3 s');
});
