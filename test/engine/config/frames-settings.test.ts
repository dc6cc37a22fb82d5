import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../../engine/config/read-configuration.ts';

const framesOf = (yaml: string) => parseConfiguration(yaml, 'ocelli.yaml', { environment: {} }).frames;

describe('frames:', () => {
  it('is JPEG of quality 90 unless told otherwise', () => {
    expect(framesOf('')).toEqual({ encoding: 'jpeg', quality: 90 });
    expect(framesOf('frames: { quality: 80 }')).toEqual({ encoding: 'jpeg', quality: 80 });
    expect(framesOf('frames: { encoding: raw }')).toEqual({ encoding: 'raw' });
  });

  it.each([
    ['another encoding', '{ encoding: png }', 'frames.encoding'],
    ['a quality that is none', '{ quality: 0 }', 'frames.quality'],
    ['a quality of raw frames', '{ encoding: raw, quality: 90 }', 'frames.quality is of use with encoding: jpeg only'],
  ])('refuses %s', (_name, yaml, sentence) => {
    expect(() => framesOf(`frames: ${yaml}`)).toThrow(sentence);
  });
});
