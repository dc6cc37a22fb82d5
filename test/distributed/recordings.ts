import { resolve } from 'node:path';
import type { SiteCamera } from '../end-to-end/site-process.ts';
import { testClip } from '../end-to-end/test-clips.ts';

/** A model that is quick and sees much. */
export const SETTINGS = { model: resolve('test/fixtures/models/quadrants.onnx') };

/** Two recordings, one a partition. */
export function recordings(seconds: number, settings: Partial<SiteCamera> = {}, sentFps = 15): SiteCamera[] {
  const clips = { 'line-a': testClip('testsrc2', seconds, sentFps), 'line-b': testClip('smptebars', seconds, sentFps) };
  const common = { start: '2026-01-01T00:00:00Z', view: false, ...settings } as const;
  return Object.entries(clips).map(([id, file]) => ({ id, url: `file:${file}`, ...common }));
}
