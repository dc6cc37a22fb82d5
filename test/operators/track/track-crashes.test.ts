import { describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../../engine/records/record.ts';
import { createTrackOperator } from '../../../operators/track/index.ts';
import { CRASH, drive, type Step, tick } from '../../keyed-task-driver.ts';
import { randomStream } from './random-stream.ts';

/** The stream with a crash or a checkpoint here and there, at other places for every `offset`. */
function disturbed(stream: readonly StreamRecord[], offset: number): Step[] {
  return stream.flatMap((record, i): Step[] => {
    if (i % 17 === offset % 17) return [record, tick(500)];
    return i % 23 === offset % 23 ? [record, CRASH] : [record];
  });
}

describe('the tracker in a task', () => {
  it('writes the same tracks with crashes at any place as without one', async () => {
    const stream = randomStream(8, 150);
    const operator = createTrackOperator();
    const undisturbed = (await drive([operator], stream)).topics.tracks;
    expect(undisturbed).toHaveLength(stream.length);
    for (let offset = 0; offset < 4; offset++) {
      for (const crash of ['lost', 'kept'] as const) {
        const outcome = await drive([createTrackOperator()], disturbed(stream, 6 * offset), { crash });
        expect(outcome.topics.tracks).toEqual(undisturbed);
        expect(outcome.deadLetters).toEqual([]);
      }
    }
  });
});
