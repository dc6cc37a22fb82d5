import { describe, expect, it } from 'vitest';
import { parseClassNames } from '../../../operators/detect/class-names.ts';

describe('class names in the metadata', () => {
  it.each([
    ["{0: 'parcel', 1: 'damaged-parcel', 2: 'tote'}", ['parcel', 'damaged-parcel', 'tote']],
    [`{0: "driver's seat", 1: 'a, b: {c}'}`, ["driver's seat", 'a, b: {c}']],
    ['{"0": "person", "1": "bicycle"}', ['person', 'bicycle']],
    [`{1: 'second', 0: 'first'}`, ['first', 'second']],
    [String.raw`{0: 'it\'s'}`, ["it's"]],
  ])('reads %s', (text, names) => {
    expect(parseClassNames(text)).toEqual(names);
  });

  it.each(['', '{}', 'parcel, tote', "{0: 'a', 2: 'c'}", "{0: ''}", "{0: 'a'", '{0: 5}'])('refuses %j', (text) => {
    expect(() => parseClassNames(text)).toThrow(RangeError);
  });
});
