import { describe, expect, it } from 'vitest';
import { clusterAnswer } from '../../../site/cluster-answer.ts';
import { concernsOf, memberName, skewWords } from '../../../ui/web/src/pages/cluster-words.ts';
import { clusterView, memberFacts } from '../../site/cluster-view.ts';

const concerns = (view: Parameters<typeof clusterView>[0]) => concernsOf(clusterAnswer(clusterView(view)));

describe('what needs a look in a cluster', () => {
  it('is nothing while everybody is at work', () => {
    expect(concerns({})).toEqual([]);
  });

  it('is a camera that nobody watches, and a partition that nobody analyses', () => {
    expect(concerns({ members: new Map(), holders: new Map() })).toEqual([
      { grave: true, sentence: 'Nobody watches dock-1.' },
      { grave: true, sentence: 'Nobody analyses partition 0.' },
    ]);
  });

  it('is no camera that is disabled', () => {
    const sentences = concerns({ holders: new Map(), members: new Map(), cameras: [{ id: 'dock-1', enabled: false }] });
    expect(sentences.map(({ sentence }) => sentence)).toEqual(['Nobody analyses partition 0.']);
  });

  it('is who has another configuration, another version, or a wrong clock', () => {
    const { members } = clusterView();
    const odd = memberFacts({
      host: 'edge-3',
      pid: 9,
      version: '1.1.0',
      aheadMs: -2_400,
      settings: { cameras: 'other', model: '63c0296210ac' },
    });
    expect(concerns({ members: new Map([...members, ['edge-3-9-aaaaaa', odd]]) }).map(({ sentence }) => sentence)).toEqual([
      'The configurations differ in cameras: edge-3 · 9 against edge-1 · 71 and edge-2 · 80.',
      'Several versions are at work: 1.0.0 and 1.1.0.',
      'The clock is wrong at edge-3 · 9: see to its time service.',
    ]);
  });

  it('is a store that does not answer', () => {
    const state = { kind: 'redis', where: 'redis://redis-1:6379/0', trouble: 'It has not answered for 2.0 s.' } as const;
    expect(concerns({ state })).toEqual([{ grave: true, sentence: 'The state is in trouble: It has not answered for 2.0 s.' }]);
  });

  it('names members by their process alone while all are on one host', () => {
    const { members } = clusterAnswer(clusterView());
    expect(members.map(({ id }) => memberName(id, members))).toEqual(['edge-1 · 71', 'edge-2 · 80']);
    expect(memberName('edge-1-71-8ddb9e', members.slice(0, 1))).toBe('71');
    expect(memberName('gone-1-abc', members)).toBe('gone-1-abc');
  });

  it.each([
    [12, 'in step'],
    [-2_400, '2400 ms behind'],
    [600, '600 ms ahead'],
  ])('calls a clock that is %i ms ahead %j', (aheadMs, words) => {
    expect(skewWords(aheadMs)).toBe(words);
  });
});
