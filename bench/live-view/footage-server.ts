/**
 * A real server with live cameras whose pictures are the footage and whose boxes are its ground truth: what a page is measured with
 * when decoding and the model shall not take part. Prints its address; ends with its standard input.
 *
 *     node bench/live-view/footage-server.ts <cameras> <fps>
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../engine/clock.ts';
import { PixelPool } from '../../engine/frames/pixel-pool.ts';
import { ViewStore } from '../../engine/frames/view-store.ts';
import { SqliteLog } from '../../engine/log/index.ts';
import { silentLogger } from '../../engine/observe/logger.ts';
import type { TrackedObject } from '../../engine/records/record.ts';
import { Database } from '../../engine/sqlite/database.ts';
import { tracked } from '../../test/records.ts';
import { clipOf, type Truth, truthOf } from '../../test/ui/web/footage.ts';
import type { LiveSite } from '../../ui/server/live/live-site.ts';
import { LiveView } from '../../ui/server/live/live-view.ts';
import { PictureFolder } from '../../ui/server/live/picture-folder.ts';
import { createServer } from '../../ui/server/server.ts';

const VIEW = { width: 640, height: 360 };
const VIEW_BYTES = VIEW.width * VIEW.height * 3;
const IMAGE = { width: 960, height: 540 };
const NAMES = ['dock-1', 'gate-3', 'line-a', 'table-2'];
/** Of each clip, played again and again. */
const PICTURES = 60;

interface Scene {
  readonly pixels: Buffer;
  readonly truth: Truth;
}

const [count, fps] = [Number(process.argv[2] ?? 16), Number(process.argv[3] ?? 10)];
const clock = new SystemClock();
const pool = new PixelPool(2 ** 28);
const views = new ViewStore({ clock, pool });
const folder = mkdtempSync(join(tmpdir(), 'ocelli-bench-'));
const log = await SqliteLog.open(new Database(join(folder, 'log.db')));
const ids = Array.from({ length: count }, (_, index) => `camera-${index + 1}`);
const pictures = await PictureFolder.open(join(folder, 'pictures'), clock, { bytes: 2 ** 20, ageMs: 3_600_000 });
const live = new LiveView({ log, views, clock, logger: silentLogger, site: site(), pictures });
const server = createServer({
  log,
  access: { host: '127.0.0.1' },
  metrics: async () => ({ text: '', type: 'text/plain' }),
  readiness: () => ({ ready: true, waiting: [] }),
  live,
});
const scenes = NAMES.map((name) => sceneOf(name));
for (const [index, id] of ids.entries()) play(id, scenes[index % scenes.length] as Scene, (index * 1000) / fps / count);
console.log(await server.listen({ host: '127.0.0.1', port: 0 }));
process.stdin.on('end', () => process.exit(0)).resume();

function sceneOf(name: string): Scene {
  const scale = ['-vf', `scale=${VIEW.width}:${VIEW.height}`, '-frames:v', String(PICTURES)];
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const pixels = execFileSync('ffmpeg', ['-v', 'error', '-i', clipOf(name), ...scale, ...raw], { maxBuffer: 2 * PICTURES * VIEW_BYTES });
  return { pixels, truth: truthOf(name) };
}

/** A frame at each beat, late ones as soon as can be; one that is a whole period late is left out, as a camera would. */
function play(camera: string, scene: Scene, offsetMs: number): void {
  const startMs = clock.monotonic() + offsetMs;
  let seq = 0;
  const next = () => {
    frame(camera, scene, seq);
    const due = Math.floor(((clock.monotonic() - startMs) * fps) / 1000) + 1;
    seq = Math.max(seq + 1, due);
    clock.after(startMs + (seq * 1000) / fps - clock.monotonic(), next);
  };
  clock.after(offsetMs, next);
}

function frame(camera: string, { pixels, truth }: Scene, seq: number): void {
  const shown = seq % PICTURES;
  const own = new Uint8Array(pool.get(VIEW_BYTES));
  own.set(pixels.subarray(shown * VIEW_BYTES, (shown + 1) * VIEW_BYTES));
  const time = clock.now();
  views.put({
    ...{ type: 'frame', camera, session: 1, seq, time, clock: 'arrival', arrivedMs: clock.monotonic(), decodedMs: 0, settings: '' },
    ...{ image: IMAGE, letterbox: { x: 0, y: 0, ...IMAGE }, pixels: new ArrayBuffer(0), view: { ...VIEW, pixels: own } },
  });
  void log.append('tracks', 0, [tracked(seq, objectsOf(camera, truth, shown, time), { camera, time })]);
}

function objectsOf(camera: string, truth: Truth, shown: number, time: number): TrackedObject[] {
  return (truth.objects[shown] ?? []).map(({ id, class: label, box, visibility }) => ({
    ...{ label, score: Math.min(0.99, visibility), box, track: `${camera}/1/${id}`, state: 'confirmed', since: time - 1000 },
  }));
}

function site(): LiveSite {
  const status = { state: 'running', since: clock.now(), fps, frames: 0, decodeErrors: 0, restarts: {}, lastLines: [] } as const;
  const facts = { kind: 'live', address: 'rtsp://192.0.2.10/', targetFps: fps, freshnessMs: 500, viewWidth: VIEW.width } as const;
  return {
    timezone: 'UTC',
    model: { name: 'truth', version: '1', sha256: '0'.repeat(64), dataset: 'footage', classes: [] },
    cameras: () => ids.map((id) => ({ id, ...facts, enabled: true, status })),
    workers: () => 0,
    log: () => ({ bytes: 0, limitBytes: 2 ** 32 }),
  };
}
