import { expect, it } from 'vitest';
import { unknownCamera } from '../../../engine/config/unknown-camera.ts';

it.each([
  ['dok-1', ['dock-1', 'gate-2'], 'There is no camera "dok-1"; did you mean "dock-1"? There are dock-1, gate-2.'],
  ['yard', ['dock-1'], 'There is no camera "yard". There is dock-1.'],
  ['yard', [], 'There is no camera "yard". There is none at all.'],
])('who names %s where there are %j is told: %s', (camera, there, sentence) => {
  expect(unknownCamera(camera, there)).toBe(sentence);
});

it('of many cameras twenty are named', () => {
  const many = Array.from({ length: 64 }, (_, index) => `camera-${index}`);
  expect(unknownCamera('yard', many)).toMatch(/^There is no camera "yard"\. There are camera-0, .*camera-19 and 44 more\.$/);
});
