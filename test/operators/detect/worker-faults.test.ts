import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { detect, loadModel } from '../../../operators/detect/index.ts';
import { ManualClock } from '../../manual-clock.ts';
import { fixtureModel, frameOf, frameWith, outcomesOf, SMALL } from './fixtures.ts';

const FAULTY = new URL('faulty-worker.ts', import.meta.url);
const ANSWER_WITHIN_MS = 10_000;
const ENDS = 1;
const THROWS = 2;
const HANGS = 3;

function bytes(seq: number, value: number) {
  return frameWith(seq, new Uint8Array(3 * SMALL.width * SMALL.height).fill(value).buffer);
}

async function faulty(workers: number, clock = new ManualClock()) {
  const model = await loadModel(fixtureModel('quadrants'));
  const operator = await detect(model, { workers, program: FAULTY, clock, answerWithinMs: ANSWER_WITHIN_MS }).open();
  return { operator, clock };
}

function scoresOf(outcomes: Awaited<ReturnType<typeof outcomesOf>>): (number | string)[] {
  return outcomes.map((outcome) => (outcome instanceof Error ? 'rejected' : Math.round((outcome.objects[0]?.score ?? 0) * 255)));
}

describe('a detect worker', () => {
  it.each([
    ['ends', ENDS, 'a detect worker ended'],
    ['throws', THROWS, 'a detect worker ended by an error: out of order'],
  ])('that %s in mid-run is replaced, and its frame rejected with its pixels whole', async (_name, fault, sentence) => {
    const { operator } = await faulty(1);
    onTestFinished(() => operator.close());
    const frames = [bytes(0, 50), bytes(1, fault), bytes(2, 60)];
    const outcomes = await outcomesOf(operator, frames);
    expect(scoresOf(outcomes)).toEqual([50, 'rejected', 60]);
    expect(outcomes[1]).toMatchObject({ code: 'OPERATOR_FAILED', message: expect.stringContaining(sentence) });
    expect(new Uint8Array(frames[1]?.pixels ?? new ArrayBuffer(0))).toEqual(new Uint8Array(2304).fill(fault));
  });

  it('that dies does not keep the other from working', async () => {
    const { operator } = await faulty(2);
    onTestFinished(() => operator.close());
    const frames = Array.from({ length: 20 }, (_, seq) => bytes(seq, seq % 5 === 2 ? ENDS : 100 + seq));
    expect(scoresOf(await outcomesOf(operator, frames))).toEqual(frames.map(({ seq }) => (seq % 5 === 2 ? 'rejected' : 100 + seq)));
  });

  it('that hangs is replaced after its time, and not before', async () => {
    const { operator, clock } = await faulty(1);
    onTestFinished(() => operator.close());
    const hanging = outcomesOf(operator, [bytes(0, HANGS)]);
    await asked(clock);
    clock.advance(ANSWER_WITHIN_MS - 1);
    expect(await Promise.race([hanging, Promise.resolve('waiting')])).toBe('waiting');
    clock.advance(1);
    expect(await hanging).toEqual([expect.objectContaining({ message: expect.stringContaining('gave no answer for 10 s') })]);
    expect(scoresOf(await outcomesOf(operator, [bytes(1, 70)]))).toEqual([70]);
  });

  it('that hangs takes no frame with it that waits behind', async () => {
    const { operator, clock } = await faulty(1);
    onTestFinished(() => operator.close());
    const outcomes = outcomesOf(operator, [bytes(0, HANGS), bytes(1, 80)]);
    await asked(clock);
    clock.advance(ANSWER_WITHIN_MS);
    expect(scoresOf(await outcomes)).toEqual(['rejected', 80]);
  });

  it('that hangs inside the model is left alone, and the process lives on when the model comes back', async () => {
    const clock = new ManualClock();
    const operator = await detect(await loadModel(fixtureModel('slow')), { workers: 1, clock }).open();
    onTestFinished(() => operator.close());
    const slow = outcomesOf(operator, [frameOf(0, [[200, 0]])]);
    await asked(clock);
    clock.advance(ANSWER_WITHIN_MS);
    expect(await slow).toEqual([expect.objectContaining({ code: 'OPERATOR_FAILED' })]);
    // The replacement and the one that hangs share the machine: both come to their ends.
    expect(await outcomesOf(operator, [frameOf(1, [[0, 255]])])).toEqual([
      expect.objectContaining({ objects: [expect.objectContaining({ label: 'green' })] }),
    ]);
  });
});

describe('closing', () => {
  it('lets the process end by itself', () => {
    const program = fileURLToPath(new URL('open-and-close.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, fixtureModel('quadrants')], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '1 object\nclosed\n', stderr: '' });
  });
});

/** Resolves when a worker was asked: the operator waits for the alarm of its answer. */
async function asked(clock: ManualClock): Promise<void> {
  await clock.isWaitedFor();
}
