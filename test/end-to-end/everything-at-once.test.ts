import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { everythingAtOnce, type Outcome, RECORDINGS } from '../../bench/site/everything-at-once.ts';
import type { StreamRecord } from '../../engine/records/record.ts';
import { has } from '../requirements.ts';
import { testClip } from './test-clips.ts';

/** Half a minute; `node bench/site/soak.ts` does the same for as long as one likes. */
describe.skipIf(!has('gstreamer') || !has('ffmpeg'))(
  'cameras of two makers, files and a folder of images at once, a fault every few seconds',
  { timeout: 400_000 },
  () => {
    let outcome: Outcome;
    const parsed = (lines: readonly string[]): StreamRecord[] => lines.map((line) => JSON.parse(line));
    const inOrder = (records: readonly StreamRecord[]) => records.toSorted((a, b) => a.id.localeCompare(b.id));

    beforeAll(async () => {
      outcome = await everythingAtOnce({
        forMs: 28_000,
        clip: testClip('testsrc2', 20),
        model: resolve('test/fixtures/models/quadrants.onnx'),
        fps: 5,
      });
    }, 400_000);

    it.each(['detections', 'tracks'] as const)('are accounted for, every frame of them, in the topic %s', (topic) => {
      expect(outcome.accounts[topic].breaches).toEqual([]);
      expect(outcome.accounts[topic].cameras.size).toBe(8);
    });

    it('are opened again after their faults', () => {
      const sessions = ['dock', 'gate', 'line', 'table'].map((camera) => outcome.accounts.detections.cameras.get(camera)?.sessions ?? 0);
      expect(sessions.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(4);
    });

    it('are told to be down, and why, when they are gone for good', () => {
      const told = outcome.detections
        .filter(({ camera }) => camera === 'other-maker')
        .filter((record) => record.type === 'mark')
        .filter(({ mark }) => mark === 'up' || mark === 'down');
      expect(told.map(({ mark }) => mark).slice(0, 2)).toEqual(['up', 'down']);
      expect(told.at(-1)?.mark).toBe('down');
      for (const { detail } of told.slice(1)) expect(detail).toMatch(/closed the connection|refuses connections/);
    });

    it('leave no frame of a recording out', () => {
      expect(
        RECORDINGS.map((camera) => outcome.accounts.detections.cameras.get(camera)).map((account) => [account?.frames, account?.gaps]),
      ).toEqual([
        [100, {}],
        [100, {}],
        [40, {}],
      ]);
    });

    it('are the same for who follows over HTTP, who tails, and who reads afterwards', () => {
      expect(parsed(outcome.overHttp)).toEqual(outcome.tracks.slice(0, outcome.overHttp.length));
      expect(outcome.overHttp.length).toBeGreaterThan(300);
      expect(parsed(outcome.tailed)).toEqual(outcome.tracks);
    });

    it('have exactly the tracks that a replay of their detections gives', () => {
      expect(inOrder(parsed(outcome.replayed))).toEqual(inOrder(outcome.tracks));
    });

    it('end with the site, in order', () => {
      expect(outcome.exit).toEqual({ code: 0, signal: null });
    });
  },
);
