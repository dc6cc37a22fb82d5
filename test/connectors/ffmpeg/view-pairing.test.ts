import { describe, expect, it } from 'vitest';
import { ViewPairing, viewRule } from '../../../connectors/ffmpeg/view-pairing.ts';

interface At {
  readonly timeUs: number;
}

function pairing(hasView: (timeUs: number) => boolean) {
  const said: string[] = [];
  const pairs = new ViewPairing<At, At>(
    hasView,
    (frame, view) => void said.push(`${frame.timeUs}${view === undefined ? '' : ` with ${view.timeUs}`}`),
  );
  return { pairs, said };
}

describe('a frame and its view', () => {
  it('meet in whichever order they come', () => {
    const { pairs, said } = pairing(() => true);
    pairs.frame({ timeUs: 10 });
    pairs.view({ timeUs: 10 });
    pairs.view({ timeUs: 20 });
    pairs.frame({ timeUs: 20 });
    expect(said).toEqual(['10 with 10', '20 with 20']);
  });

  it('wait for each other though later frames are there already', () => {
    const { pairs, said } = pairing((timeUs) => timeUs !== 20);
    for (const timeUs of [10, 20, 30]) pairs.frame({ timeUs });
    expect(said).toEqual([]);
    pairs.view({ timeUs: 10 });
    expect(said).toEqual(['10 with 10', '20']);
    pairs.view({ timeUs: 30 });
    expect(said).toEqual(['10 with 10', '20', '30 with 30']);
  });

  it('do not wait when there is to be no view', () => {
    const { pairs, said } = pairing(() => false);
    pairs.frame({ timeUs: 10 });
    expect(said).toEqual(['10']);
  });

  it('do not wait for what a later view shows to be missing', () => {
    const { pairs, said } = pairing(() => true);
    pairs.frame({ timeUs: 10 });
    pairs.view({ timeUs: 20 });
    expect(said).toEqual(['10']);
  });

  it('go apart at the end', () => {
    const { pairs, said } = pairing(() => true);
    pairs.frame({ timeUs: 10 });
    pairs.end();
    expect(said).toEqual(['10']);
  });
});

describe('which frames have a view', () => {
  it('are all of them when views are not thinned', () => {
    expect([0, 100_000, 200_000].map(viewRule(10, 10))).toEqual([true, true, true]);
  });

  it('are the first of each cell, and the first of a new filter graph', () => {
    expect([1, 100_000, 200_000, 300_000, 400_000, 500_001, 600_000].map(viewRule(10, 5))).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
      true,
    ]);
  });
});
