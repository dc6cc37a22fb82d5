import { describe, expect, it } from 'vitest';
import { nowhere, shareCameras } from '../../../site/camera-shares.ts';

const seen = (unreachable: Readonly<Record<string, readonly string[]>>, holders: Readonly<Record<string, string>> = {}, me = 'a') => ({
  me,
  cameras: ['dock-1', 'dock-2', 'line-1', 'line-2'],
  unreachable: new Map(Object.entries(unreachable).map(([member, cameras]) => [member, new Set(cameras)])),
  holders: new Map(Object.entries(holders)),
});

describe('sharing cameras', () => {
  it('gives each member the same, recordings that all can open among them', () => {
    expect(shareCameras(seen({ a: [], b: [] }))).toEqual({ take: ['dock-1', 'dock-2'], give: [] });
    expect(shareCameras(seen({ a: [], b: [] }, { 'dock-1': 'a', 'dock-2': 'a' }, 'b'))).toEqual({ take: ['line-1', 'line-2'], give: [] });
  });

  it('has a member that holds everything give half of it back when another one joins', () => {
    const all = { 'dock-1': 'a', 'dock-2': 'a', 'line-1': 'a', 'line-2': 'a' };
    expect(shareCameras(seen({ a: [], b: [] }, all)).give).toHaveLength(2);
    expect(shareCameras(seen({ a: [] }, all)).give).toEqual([]);
  });

  it('leaves a recording to those who can open it, beside their share of the rest', () => {
    const decide = (me: string) => shareCameras(seen({ a: [], b: ['line-1'] }, { 'dock-1': 'b', 'dock-2': 'a', 'line-2': 'b' }, me));
    expect(decide('a').take).toEqual(['line-1']);
    expect(decide('b').take).toEqual([]);
  });

  it('never takes what somebody holds, be it a member that is no longer there', () => {
    const all = { 'dock-1': 'dead', 'dock-2': 'dead', 'line-1': 'dead', 'line-2': 'dead' };
    expect(shareCameras(seen({ a: [], b: ['line-1'] }, all))).toEqual({ take: [], give: [] });
  });

  it('names the recordings that no member can open', () => {
    expect(nowhere(seen({ a: ['line-1', 'line-2'], b: ['line-1'] }))).toEqual(['line-1']);
  });
});
