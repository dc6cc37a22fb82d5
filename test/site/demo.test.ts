import { expect, it } from 'vitest';
import { firstRecord } from '../end-to-end/followed-records.ts';
import { SiteProcess } from '../end-to-end/site-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const CAMERAS = ['dock-1', 'gate-3', 'line-a', 'table-2'];
/** The demo keeps its log in the folder that it is started in. */
const IN_FOLDER = 'cd "$0" && node="$1" && main="$OLDPWD/$2" && shift 2 && exec "$node" "$main" "$@"';

it('`npm start` shows four cameras that move, with nothing to configure, and ends in order', { timeout: 120_000 }, async () => {
  const running = new SiteProcess(['demo', '--port', '0'], { wrapper: ['sh', '-c', IN_FOLDER, temporaryFolder()] });
  const up = new Set<string>();
  await firstRecord(running, 'tracks', (record) => record.type === 'mark' && record.mark === 'up' && up.add(record.camera).size === 4);
  expect([...up].sort()).toEqual(CAMERAS);
  const { objects } = (await firstRecord(running, 'tracks', (record) => record.type === 'tracks' && record.objects.length > 0)) as {
    objects: readonly { track: string }[];
  };
  expect(CAMERAS).toContain(objects[0]?.track.split('/')[0]);
  const page = await fetch(await running.url());
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  await running.kill('SIGTERM');
  expect(await running.exited, running.output).toEqual({ code: 0, signal: null });
});
