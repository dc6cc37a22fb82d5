import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodePicture } from '../../../engine/pictures/picture.ts';
import { recordId } from '../../../engine/records/place.ts';
import type { AlertRecord } from '../../../engine/records/record.ts';
import type { KeptPicture } from '../../../ui/protocol.ts';
import { START_MS, timeOf } from '../../records.ts';
import { greyOf, LiveHarness } from './live-harness.ts';

function alert(seq: number, state: AlertRecord['state']): AlertRecord {
  const place = { session: 1, seq };
  const id = recordId('dock-1', place, 0);
  const opened = recordId('dock-1', { session: 1, seq: 9 }, 0);
  const facts = { kind: 'camera-down', state, since: START_MS, sentence: 'No frame for 5.0 s.' } as const;
  return { v: 1, type: 'alert', id, camera: 'dock-1', ...place, time: START_MS, alert: opened, ...facts };
}

describe('the picture of an alert', () => {
  let harness: LiveHarness;

  beforeEach(async () => {
    harness = await LiveHarness.open();
  });

  afterEach(() => harness.close());

  const kept = async () => ((await (await harness.fetch('/api/pictures')).json()) as { pictures: KeptPicture[] }).pictures;

  it('is what the camera showed last before it fell silent; told to viewers, and there to be fetched', async () => {
    const client = await harness.connect();
    await harness.frame(3);
    harness.clock.advance(6000);
    await harness.log.append('alerts', 0, [alert(9, 'opened')]);
    const { picture } = await client.text('picture');
    expect([picture, await kept()]).toEqual([{ id: 'dock-1/1/9/0', camera: 'dock-1', time: timeOf(3) }, [picture]]);
    const answer = await harness.fetch(`/api/pictures/${picture.id}`);
    const { pixels } = await decodePicture(new Uint8Array(await answer.arrayBuffer()));
    expect([answer.headers.get('content-type'), Math.abs((pixels[99] as number) - greyOf(3)) <= 2]).toEqual(['image/jpeg', true]);
  });

  it('is kept once: when the alert opens, not when it is updated or closed', async () => {
    const client = await harness.connect();
    await harness.frame(3);
    await harness.log.append('alerts', 0, [alert(10, 'updated'), alert(11, 'closed'), alert(9, 'opened')]);
    await client.text('picture');
    expect(await kept()).toHaveLength(1);
    expect(harness.live.hub.encoded('dock-1')).toBe(1);
  });

  it('is left out where there was none to be seen, and where it cannot be written; the alert is told all the same', async () => {
    const client = await harness.connect();
    await harness.log.append('alerts', 0, [alert(9, 'opened')]);
    await client.text('alert');
    rmSync(join(harness.folder, 'pictures'), { recursive: true });
    await harness.frame(3);
    await harness.log.append('alerts', 0, [alert(12, 'opened')]);
    await client.until(() => client.texts.filter(({ type }) => type === 'alert').length === 2);
    await harness.live.close();
    mkdirSync(join(harness.folder, 'pictures'));
    expect(await kept()).toEqual([]);
  });

  it.each([
    '/api/pictures/dock-1/1/9/0',
    '/api/pictures/..%2f..%2f..%2fetc%2fpasswd/1/9/0',
    '/api/pictures/%252e%252e/1/9/0',
    '/api/pictures/dock-1%00/1/9/0',
    '/api/pictures//etc/passwd',
    '/api/pictures/../../log.db',
  ])('is not there for %s', async (url) => {
    const { statusCode, body } = await harness.server.inject({ url, headers: { host: '127.0.0.1' } });
    expect([403, 404]).toContain(statusCode);
    expect(JSON.parse(body)).toHaveProperty('error');
  });
});
