import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkAccount } from '../../engine/records/account.ts';
import { firstRecord } from '../end-to-end/followed-records.ts';
import { SiteFolder, type SiteProcess } from '../end-to-end/site-process.ts';
import { testClip } from '../end-to-end/test-clips.ts';

const MODEL = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');

describe('edits of the configuration while it runs', () => {
  let running: SiteProcess | undefined;

  afterEach(async () => {
    await running?.kill('SIGKILL');
  });

  const camera = (id: string, facts: object = {}) => ({
    id,
    url: `file:${testClip('testsrc2', 60)}`,
    pace: 'real-time',
    view: false as const,
    ...facts,
  });
  const edit = (site: SiteFolder, cameras: readonly object[], settings: object = {}) =>
    writeFileSync(site.file, stringify({ cameras, model: MODEL, server: { port: 0 }, ...settings }));

  /** Resolves when a frame of the camera is committed that was judged by its so manieth settings. */
  async function isJudgedBy(site: SiteProcess, id: string, settings: number): Promise<void> {
    let seen = 0;
    await firstRecord(site, 'detections', (record) => {
      if (record.camera !== id) return false;
      if (record.type === 'mark' && record.mark === 'settings') seen += 1;
      return record.type === 'detections' && seen === settings;
    });
  }

  it('add, change and remove cameras; the others do not notice', { timeout: 60_000 }, async () => {
    const site = new SiteFolder([camera('a'), camera('b')], { model: MODEL });
    const started = site.run();
    running = started;
    await Promise.all(['a', 'b'].map((id) => isJudgedBy(started, id, 1)));
    edit(site, [camera('a'), camera('c', { fps: 5 })]);
    await started.says(/"added":\["c"\],"removed":\["b"\]/);
    await isJudgedBy(started, 'c', 1);
    edit(site, [camera('a'), camera('c', { fps: 2 })]);
    await started.says(/"reopened":\["c"\]/);
    await isJudgedBy(started, 'c', 2);
    edit(site, [camera('a'), camera('c', { fps: 2 })], { track: { coastMs: 700 } });
    await started.says(/"adjusted":\["a","c"\]/);
    await isJudgedBy(started, 'c', 3);
    await started.kill('SIGTERM');

    const records = await site.records('detections');
    expect(checkAccount(records, { topic: 'detections' }).breaches).toEqual([]);
    const marks = (id: string) => records.flatMap((record) => (record.camera === id && record.type === 'mark' ? [record.mark] : []));
    expect(marks('a')).toEqual(['up', 'settings', 'settings']);
    expect(marks('b').at(-1)).toBe('end');
    expect(marks('c')).toEqual(['up', 'settings', 'settings', 'settings']);
  });

  it('are refused with line and column when they are wrong, and the former configuration goes on', { timeout: 60_000 }, async () => {
    const site = new SiteFolder([camera('a')], { model: MODEL });
    running = site.run();
    await running.url();
    edit(site, [camera('a', { fsp: 5 })]);
    await running.says(/ocelli\.yaml:6:5: cameras\[0\]\.fsp is not a key; did you mean \\"fps\\"\?/);
    expect(running.child.exitCode).toBe(null);
  });

  it('that name another model are tried at once, though it is not taken before the next start', { timeout: 60_000 }, async () => {
    const site = new SiteFolder([camera('a')], { model: MODEL });
    running = site.run();
    await running.url();
    edit(site, [camera('b')], { model: MODEL.replace('quadrants', 'classifier') });
    await running.says(/ocelli\.yaml:\d+:8: model .*classifier\.onnx: expected an ONNX detector of the YOLO export layout/);
    edit(site, [camera('a')], { model: MODEL.replace('quadrants', 'slow') });
    await running.says(/"keys":\["model"\],"msg":"These changes of the configuration take effect at the next start"/);
    edit(site, [camera('a'), camera('c')], { model: MODEL.replace('quadrants', 'slow') });
    await running.says(/"changes":\{"added":\["c"\]\},"msg":"The configuration was applied"/);
    expect(running.output.match(/The configuration was applied/g)).toHaveLength(1);
    edit(site, [camera('a'), camera('c')], { model: MODEL.replace('quadrants', 'slow'), track: { lowScore: 0.05 } });
    await running.says(/"keys":\["track\.lowScore"\],"msg":"These changes of the configuration take effect at the next start"/);
  });
});
