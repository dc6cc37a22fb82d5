import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../../engine/config/read-configuration.ts';

const picturesOf = (yaml: string) => parseConfiguration(yaml, 'ocelli.yaml', { environment: {} }).pictures;

describe('pictures:', () => {
  it('are kept for 90 days, and 1 GiB of them, unless told otherwise', () => {
    expect(picturesOf('')).toEqual({ keep: '1 GiB', days: 90 });
    expect(picturesOf('pictures: { days: 7 }')).toEqual({ keep: '1 GiB', days: 7 });
    expect(picturesOf('pictures: { keep: 500 MiB }')).toEqual({ keep: '500 MiB', days: 90 });
  });

  it.each([
    ['a size without a unit', '{ keep: 1000 }', 'pictures.keep'],
    ['no days at all', '{ days: 0 }', 'pictures.days'],
    ['another key', '{ age: 7 }', 'age'],
  ])('refuse %s', (_name, yaml, sentence) => {
    expect(() => picturesOf(`pictures: ${yaml}`)).toThrow(sentence);
  });
});
