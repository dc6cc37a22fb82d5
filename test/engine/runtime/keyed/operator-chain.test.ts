import { describe, expect, it } from 'vitest';
import type { AnyKeyedOperator } from '../../../../engine/contract/operator.ts';
import type { AccountTopic } from '../../../../engine/runtime/keyed/account-topic.ts';
import { OperatorChain } from '../../../../engine/runtime/keyed/operator-chain.ts';
import { numbering, seconds, tallying } from './operators.ts';

const named = (name: string, consumes: string, ...emits: string[]): AnyKeyedOperator =>
  ({ name, stateVersion: 1, consumes, emits, initial: () => ({}), process: () => {} }) as unknown as AnyKeyedOperator;

describe('a chain of operators', () => {
  it('tells every topic that they emit, once', () => {
    expect(new OperatorChain('detections', [numbering, seconds, tallying]).outputs).toEqual(['tracks']);
  });

  it.each<[string, AccountTopic, AnyKeyedOperator[], string]>([
    [
      'consumes what nobody before it emits',
      'detections',
      [tallying, numbering],
      'tallying consumes tracks, which is neither the input detections nor emitted before it',
    ],
    [
      'emits what one before it consumes',
      'detections',
      [numbering, tallying, named('late', 'detections', 'tracks')],
      'late emits tracks, which is consumed at or before it',
    ],
    [
      'emits what it consumes itself',
      'detections',
      [named('loop', 'detections', 'detections')],
      'loop emits detections, which is consumed at or before it',
    ],
    ['has the name of another', 'detections', [numbering, numbering], 'two operators are called numbering'],
    [
      'writes dead letters itself',
      'detections',
      [named('grim', 'detections', 'dead-letters')],
      'grim emits dead-letters, which the runtime writes',
    ],
  ])('is refused with the reason when an operator %s', (_, input, operators, reason) => {
    expect(() => new OperatorChain(input, operators)).toThrow(reason);
  });
});
