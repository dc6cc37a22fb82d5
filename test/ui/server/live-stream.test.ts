import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodePicture } from '../../../engine/pictures/picture.ts';
import { recordId } from '../../../engine/records/place.ts';
import type { AlertRecord } from '../../../engine/records/record.ts';
import { capturedAt } from '../../../ui/server/live/live-hub.ts';
import { mark, START_MS, tracked } from '../../records.ts';
import { greyOf, LiveHarness, noisePixels } from './live-harness.ts';

describe('the live stream', () => {
  let harness: LiveHarness;

  beforeEach(async () => {
    harness = await LiveHarness.open({ cameras: [{}, { id: 'gate-2' }] });
  });

  afterEach(() => harness.close());

  it('brings each record with the picture of the very same frame', async () => {
    const client = await harness.connect();
    await client.watch({});
    for (let seq = 1; seq <= 5; seq += 1) {
      harness.clock.advance(100);
      const record = await harness.frame(seq);
      const { header, jpeg } = await client.frame(seq);
      const { pixels, width } = await decodePicture(jpeg);
      expect(header.record).toEqual(record);
      expect([width, Math.abs((pixels[5000] as number) - greyOf(seq)) <= 2]).toEqual([320, true]);
    }
  });

  it('tells when a frame was captured', async () => {
    const client = await harness.connect();
    await client.watch({});
    harness.clock.advance(100);
    await harness.frame(1);
    expect((await client.frame(1)).header.captured).toBe(START_MS + 100);
  });

  it('counts the age of a recording of another year from the moment at which it was decoded', () => {
    harness.clock.advance(700);
    expect(capturedAt({ clock: 'recording', time: 5, arrivedMs: 600 }, harness.clock)).toBe(START_MS + 600);
  });

  it('encodes nothing of a camera that nobody watches', async () => {
    const client = await harness.connect();
    await client.watch({ id: 'dock-1' });
    await harness.frame(1, { camera: 'gate-2' });
    await harness.frame(1, { camera: 'dock-1' });
    await client.frame(1);
    expect([harness.live.hub.encoded('dock-1'), harness.live.hub.encoded('gate-2')]).toEqual([1, 0]);
  });

  it('encodes nothing once nobody watches any more', async () => {
    const client = await harness.connect();
    await client.watch({});
    await harness.frame(1);
    await client.frame(1);
    await client.watch();
    harness.clock.advance(100);
    await harness.frame(2);
    await client.heard();
    expect(harness.live.hub.encoded('dock-1')).toBe(1);
  });

  it('encodes once for all viewers of about one size, and once more for another', async () => {
    const widths = [310, 320, 320, 150];
    const clients = await Promise.all(widths.map(() => harness.connect()));
    await Promise.all(clients.map((client, index) => client.watch({ width: widths[index] as number })));
    await harness.frame(1);
    const frames = await Promise.all(clients.map((client) => client.frame(1)));
    const pictures = await Promise.all(frames.map(({ jpeg }) => decodePicture(jpeg)));
    expect(harness.live.hub.encoded('dock-1')).toBe(2);
    expect(pictures.map(({ width }) => width)).toEqual([320, 320, 320, 160]);
  });

  it('sends no more pictures a second than were asked for', async () => {
    const [few, all] = await Promise.all([harness.connect(), harness.connect()]);
    await few.watch({ fps: 2 });
    await all.watch({ fps: 10 });
    for (let seq = 1; seq <= 40; seq += 1) {
      harness.clock.advance(100);
      await harness.frame(seq);
      await all.frame(seq);
    }
    await few.heard();
    expect(few.frames.length).toBeGreaterThanOrEqual(8);
    expect(few.frames.length).toBeLessThanOrEqual(9);
  });

  it('gives a record without a view to nobody as a picture', async () => {
    const client = await harness.connect();
    await client.watch({});
    await harness.log.append('tracks', 0, [tracked(1)]);
    await harness.frame(2);
    expect((await client.frame(1)).header.record.seq).toBe(2);
  });

  it('drops to the newest picture for a viewer that stalls, lets it go after 5 s with the reason, and delays nobody else', async () => {
    const [stalled, other] = await Promise.all([harness.connect(), harness.connect()]);
    await Promise.all([stalled.watch({}), other.watch({})]);
    stalled.socket.pause();
    const noise = noisePixels();
    let seq = 0;
    const [viewer] = harness.live.hub.viewers;
    while ((viewer?.skipped ?? 0) < 3) {
      seq += 1;
      harness.clock.advance(100);
      await harness.frame(seq, { pixels: noise });
      await other.frame(seq);
    }
    harness.clock.advance(6000);
    stalled.socket.resume();
    expect(await stalled.closed).toMatchObject({ code: 1013, reason: expect.stringContaining('Too slow') });
    expect(stalled.frames.length).toBeLessThan(seq);
    expect(other.frames.map(({ header }) => header.record.seq)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
  });

  it('sends a page that tells what it took no more than it can take, and then the newest', async () => {
    const [slow, fast] = await Promise.all([harness.connect(), harness.connect()]);
    await Promise.all([slow.watch({}), fast.watch({})]);
    slow.say({ op: 'took', pictures: 0 });
    await slow.heard();
    for (let seq = 1; seq <= 12; seq += 1) {
      harness.clock.advance(100);
      await harness.frame(seq);
      await fast.frame(seq);
    }
    await slow.heard();
    expect(slow.frames.map(({ header }) => header.record.seq)).toEqual([1, 2, 3, 4]);
    slow.say({ op: 'took', pictures: 4 });
    expect((await slow.frame(5)).header.record.seq).toBe(12);
  });

  it('tells how every camera stands, also when that changes', async () => {
    const client = await harness.connect();
    const [camera] = harness.cameras;
    if (camera === undefined) throw new Error('the harness has no camera');
    const status = { state: 'backing-off', cause: 'refused', since: START_MS, nextTryAt: START_MS + 8000, fps: 0, frames: 0 } as const;
    const detail = 'rtsp://viewer:hunter22@192.0.2.10 refuses the connection';
    harness.cameras = [{ ...camera, status: { ...status, detail, decodeErrors: 0, restarts: {}, lastLines: [] } }];
    harness.clock.advance(500);
    await client.until(() => client.texts.some((text) => text.type === 'cameras' && text.cameras[0]?.state === 'backing-off'));
    const { cameras } = await client.text('cameras');
    expect(cameras[0]).toMatchObject({
      cause: 'refused',
      detail: 'rtsp://***@192.0.2.10 refuses the connection',
      nextTryAt: START_MS + 8000,
    });
  });

  it('tells why a camera is blind while it is opened anew, until a picture comes', async () => {
    const client = await harness.connect();
    await client.watch({});
    const facts = () => harness.live.cameras()[0];
    const status = { since: START_MS, fps: 0, frames: 0, decodeErrors: 0, restarts: {}, lastLines: [] } as const;
    const [camera] = harness.cameras as [(typeof harness.cameras)[number]];
    harness.cameras = [{ ...camera, status: { ...status, state: 'starting' } }];
    expect(facts()).not.toHaveProperty('cause');
    await harness.log.append('tracks', 0, [mark('up'), mark('down', 1, { cause: 'timeout', detail: 'no frames for 5.0 s' })]);
    await harness.frame(2);
    await client.frame(1);
    expect(facts()).toMatchObject({ state: 'starting', cause: 'timeout', detail: 'no frames for 5.0 s' });
    harness.cameras = [{ ...camera, status: { ...status, state: 'running' } }];
    expect(facts()).not.toHaveProperty('cause');
  });

  it('tells an alert when it is committed', async () => {
    const client = await harness.connect();
    const alert = openedAlert();
    await harness.log.append('alerts', 0, [alert]);
    expect((await client.text('alert')).alert).toEqual(alert);
  });

  it('tells a viewer that had no room that an alert was closed, with its newest record, as soon as there is room', async () => {
    const [stalled, other] = await Promise.all([harness.connect(), harness.connect()]);
    await Promise.all([stalled.watch({}), other.watch({})]);
    const alert = openedAlert();
    await harness.log.append('alerts', 0, [alert]);
    await stalled.text('alert');
    stalled.socket.pause();
    const [viewer] = harness.live.hub.viewers;
    for (let seq = 1; (viewer?.skipped ?? 0) < 1; seq += 1) {
      harness.clock.advance(100);
      await harness.frame(seq, { pixels: noisePixels() });
      await other.frame(seq);
    }
    await harness.log.append('alerts', 0, [
      { ...alert, id: 'dock-1/1/5/0', seq: 5, state: 'updated', sentence: 'It is worse.' },
      { ...alert, id: 'dock-1/1/6/0', seq: 6, state: 'closed', sentence: 'Frames come again.' },
    ]);
    await other.until(() => other.texts.some((text) => text.type === 'alert' && text.alert.state === 'closed'));
    stalled.socket.resume();
    await stalled.until(() => stalled.texts.some((text) => text.type === 'alert' && text.alert.state === 'closed'));
    const told = stalled.texts.filter((text) => text.type === 'alert').map((text) => text.alert.state);
    expect(told).toEqual(['opened', 'closed']);
  });

  it('answers with its clock and with what it was asked', async () => {
    const client = await harness.connect();
    harness.clock.advance(1234);
    client.say({ op: 'clock', sent: 17.5 });
    await client.until(() => client.texts.some(({ type }) => type === 'clock'));
    expect(await client.text('clock')).toEqual({ type: 'clock', sent: 17.5, now: START_MS + 1234 });
  });

  it('begins with the site and its model', async () => {
    const client = await harness.connect();
    expect((await client.text('site')).model).toMatchObject({ name: 'parcels', dataset: 'parcels-test' });
  });

  it('counts marks and losses of the last minute as committed', async () => {
    const client = await harness.connect();
    await client.watch({});
    const gap = { v: 1, type: 'gap', id: 'dock-1/1/1', camera: 'dock-1', session: 1, from: 1, to: 4, reason: 'stale' } as const;
    await harness.log.append('tracks', 0, [mark('up'), { ...gap, time: START_MS + 100, until: START_MS + 400 }]);
    await harness.frame(5);
    await client.frame(1);
    expect(harness.live.cameras()[0]?.shed).toEqual({ stale: 4 });
  });
});

function openedAlert(): AlertRecord {
  const place = { session: 1, seq: 4 };
  const id = recordId('dock-1', place, 0);
  const alert = { v: 1, type: 'alert', id, camera: 'dock-1', ...place, time: START_MS, alert: id, since: START_MS } as const;
  return { ...alert, kind: 'camera-down', state: 'opened', sentence: 'No frames come.' };
}
