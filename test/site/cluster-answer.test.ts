import { describe, expect, it } from 'vitest';
import { clusterAnswer, statusesOf } from '../../site/cluster-answer.ts';
import { clusterView, memberFacts, NOW_MS, status } from './cluster-view.ts';

const settings = (cameras: string) => ({ settings: { cameras, model: 'same' } });
const watching = (camera: string, facts: Parameters<typeof status>[1], said: Parameters<typeof memberFacts>[0] = {}) =>
  memberFacts({ connect: { cameras: [{ ...status(camera, facts), lastLines: [] }], unreachable: [] }, ...said });
const task = (epoch: number) => memberFacts({ analyse: { tasks: [{ partition: 0, position: 10 * epoch, saved: 0, epoch, lag: 2 }] } });

describe('what the members of a site say together', () => {
  it('names who watches a camera, who looks at its frames and who analyses it', () => {
    const { cameras, partitions } = clusterAnswer(clusterView());
    expect(cameras).toEqual([{ id: 'dock-1', enabled: true, partition: 0, member: 'edge-1-71-8ddb9e', state: 'running' }]);
    expect(partitions).toEqual([
      {
        partition: 0,
        frames: { member: 'edge-2-80-c0ffee', lag: 1 },
        task: { member: 'edge-2-80-c0ffee', position: 88_213, saved: 88_209, epoch: 4, lag: 0 },
      },
    ]);
  });

  it('tells where their configurations differ, what most have first', () => {
    const members = new Map([
      ['a', memberFacts(settings('old'))],
      ['b', memberFacts(settings('new'))],
      ['c', memberFacts(settings('new'))],
    ]);
    expect(clusterAnswer(clusterView({ members })).differences).toEqual([
      {
        part: 'cameras',
        values: [
          { hash: 'new', members: ['b', 'c'] },
          { hash: 'old', members: ['a'] },
        ],
      },
    ]);
  });

  it('takes a camera for unwatched when nobody has it', () => {
    const { cameras } = clusterAnswer(clusterView({ members: new Map(), holders: new Map() }));
    expect(cameras).toEqual([{ id: 'dock-1', enabled: true, partition: 0 }]);
  });

  it('believes the later owner of a task that changes hands', () => {
    const members = new Map([
      ['before', task(3)],
      ['after', task(4)],
    ]);
    expect(clusterAnswer(clusterView({ members })).partitions[0]?.task).toMatchObject({ member: 'after', epoch: 4, position: 40 });
  });

  it('believes of two who tell of a camera the one that spoke last, by the clock of the store', () => {
    const members = new Map([
      ['now', watching('dock-1', { state: 'running' }, { nowMs: NOW_MS, aheadMs: 0 })],
      ['ahead', watching('dock-1', { state: 'stalled' }, { nowMs: NOW_MS + 5_000, aheadMs: 6_000 })],
    ]);
    expect(statusesOf(members).get('dock-1')?.state).toBe('running');
  });

  it('lists a member of another version without what it says', () => {
    const members = new Map([
      ['stranger', undefined],
      ['known', memberFacts()],
    ]);
    expect(clusterAnswer(clusterView({ members })).members.map(({ id, facts }) => [id, facts?.uptimeMs])).toEqual([
      ['known', 60_000],
      ['stranger', undefined],
    ]);
  });
});
