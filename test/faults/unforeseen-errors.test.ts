import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SiteFolder } from '../end-to-end/site-process.ts';

const MODEL = `${process.cwd()}/test/fixtures/models/quadrants.onnx`;

/** Loads a module into the process before anything else, as a library with a bug would sit in it. */
function withBug(module: string) {
  return { environment: { NODE_OPTIONS: `--import=${pathToFileURL(`test/faults/bugs/${module}.ts`).href}` } };
}

describe('an error that nobody caught', { timeout: 60_000 }, () => {
  it.each(['throw-in-timer', 'rejection-in-timer'])(
    'is told with its place, the process ends with 1, and its passwords are not (%s)',
    async (bug) => {
      const running = new SiteFolder([], { model: MODEL }).runIn(withBug(bug));
      expect(await running.exited).toEqual({ code: 1, signal: null });
      const line = running.output.split('\n').find((text) => text.includes('Unforeseen error'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({
        level: 50,
        msg: 'Unforeseen error: cannot open rtsp://***@192.0.2.1/stream',
        stack: expect.stringContaining(`${bug}.ts`),
      });
      expect(running.output).not.toContain('hunter2');
    },
  );
});
