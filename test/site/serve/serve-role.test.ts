import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ClusterAnswer } from '../../../ui/cluster.ts';
import type { SiteProcess } from '../../end-to-end/site-process.ts';
import { has } from '../../requirements.ts';
import { Client } from '../../ui/server/live-harness.ts';
import { PretendCamera } from './pretend-camera.ts';
import { ServedSite } from './served-site.ts';

const LIMIT_MS = 120_000;
const CAMERAS = ['dock-1', 'dock-2'].map((id) => ({ id, url: 'rtsp://192.0.2.10/stream2' }));

describe.skipIf(!has('kafka') || !has('redis'))('two processes of the role serve', { timeout: LIMIT_MS }, () => {
  let site: ServedSite;
  let camera: PretendCamera;
  let processes: [SiteProcess, SiteProcess];
  let urls: [string, string];

  beforeAll(async () => {
    site = await ServedSite.open(CAMERAS);
    processes = [site.folder.run('--role', 'serve'), site.folder.run('--role', 'serve')];
    urls = [await processes[0].url(), await processes[1].url()];
    camera = await PretendCamera.start(site, 'dock-1');
  }, LIMIT_MS);
  afterAll(async () => {
    await camera?.stop();
    await processes[1].kill('SIGTERM');
    await site?.close();
  });

  async function watch(url: string): Promise<Client> {
    const client = new Client(new WebSocket(`${url.replace('http', 'ws')}/ws`));
    await client.text('cameras');
    await client.watch({ id: 'dock-1' });
    return client;
  }

  it('show one another, where they answer, and that nobody connects the cameras', async () => {
    const answer = (await (await fetch(`${urls[1]}/api/cluster`)).json()) as ClusterAnswer;
    expect(answer.members.map(({ facts }) => [facts?.roles, facts?.url])).toEqual(
      expect.arrayContaining(urls.map((url) => [['serve'], url])),
    );
    expect(answer).toMatchObject({
      differences: [],
      cameras: [{ id: 'dock-1', enabled: true, partition: 0 }, { id: 'dock-2' }],
      log: { kind: 'kafka' },
      state: { kind: 'redis' },
    });
    expect(answer.cameras.filter(({ member }) => member !== undefined)).toEqual([]);
  });

  it('show a browser that changes from one that was killed to the other what came since', async () => {
    const before = await watch(urls[0]);
    const seen = await before.frame(3);
    await processes[0].kill('SIGKILL');
    await before.closed;
    const after = await watch(urls[1]);
    const next = await after.frame(2);
    expect(next.header.record).toMatchObject({ camera: 'dock-1', session: 1, type: 'tracks' });
    expect(next.header.record.seq).toBeGreaterThan(seen.header.record.seq);
    expect([...next.jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    after.socket.close();
  });

  it('give committed records to programs', async () => {
    const answer = await fetch(`${urls[1]}/api/topics/tracks?camera=dock-1&limit=5`);
    const places = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(places).toEqual([0, 1, 2, 3, 4]);
  });

  it('write an edit of a camera into the configuration file, and show it', async () => {
    const change = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ fps: 5 }) };
    expect((await fetch(`${urls[1]}/api/cameras/dock-2`, change)).status).toBe(200);
    expect(readFileSync(site.folder.file, 'utf8')).toMatch(/id: dock-2[\s\S]*fps: 5/);
    const { cameras } = (await (await fetch(`${urls[1]}/api/cameras`)).json()) as { cameras: { id: string; targetFps: number }[] };
    expect(cameras.find(({ id }) => id === 'dock-2')?.targetFps).toBe(5);
  });
});
