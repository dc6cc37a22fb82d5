/** Serves the demo's clips as RTSP cameras until Ctrl+C: `npm run cameras -- --help`. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { barcodeClip } from './barcode-clip.ts';
import { type Cameras, serveCameras } from './serve.ts';

const HELP = `Serves MP4 clips (H.264, no B-frames) as RTSP cameras, each in an endless loop.

  npm run cameras -- [options] [clip.mp4 …]

Without clips, those of demo/footage/clips; those of demo/footage/wrong are spare clips for the order "clip".

  --port N           RTSP port of all cameras (8554)
  --control-port N   HTTP port for orders (8555)
  --host ADDRESS     where to listen (127.0.0.1)
  --own-ports        a port for each camera as well, so that the order "refuse" closes it
  --pace N           how fast the cameras' time runs (1)
  --barcodes         every frame carries its index as a bar code; needs an ffmpeg with libx264 (FFMPEG_PATH, else "ffmpeg")
  --help             this text
`;
const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

try {
  await main();
} catch (error) {
  console.error(`cameras: ${sentenceOf(error)}`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '8554' },
      'control-port': { type: 'string', default: '8555' },
      host: { type: 'string', default: '127.0.0.1' },
      'own-ports': { type: 'boolean', default: false },
      pace: { type: 'string', default: '1' },
      barcodes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const files = positionals.length > 0 ? positionals : await clipsIn('clips');
  if (files.length === 0)
    throw new OcelliError('INPUT_INVALID', 'there are no clips in demo/footage/clips: name MP4 files on the command line');
  const cameras = await serveCameras({
    clips: await named(files, values.barcodes),
    spareClips: await named(await clipsIn('wrong'), values.barcodes),
    port: numberOf('port', values.port),
    controlPort: numberOf('control-port', values['control-port']),
    host: values.host,
    ownPorts: values['own-ports'],
    pace: numberOf('pace', values.pace),
  });
  print(cameras);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cameras.close());
}

async function clipsIn(folder: string): Promise<string[]> {
  const path = join(ROOT, 'demo/footage', folder);
  const files = await readdir(path).catch(() => []);
  return files.filter((file) => file.endsWith('.mp4')).map((file) => join(path, file));
}

/** A camera bears the name of its file. */
async function named(files: readonly string[], barcodes: boolean): Promise<Record<string, string>> {
  const folder = join(ROOT, '.cache/cameras');
  const ffmpeg = process.env['FFMPEG_PATH'] ?? 'ffmpeg';
  const served: [string, string][] = [];
  for (const source of files) served.push([basename(source, '.mp4'), barcodes ? await barcodeClip({ source, folder, ffmpeg }) : source]);
  return Object.fromEntries(served);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0) return value;
  throw new OcelliError('INPUT_INVALID', `--${option} must be a number, got "${text}"`);
}

function print(cameras: Cameras): void {
  const stats = Object.entries(cameras.stats());
  const widest = Math.max(...stats.map(([name]) => name.length));
  const lines = stats.map(([name, { url, ownUrl, width, height, fps, frames }]) => {
    const clip = `${width}×${height}, ${Number(fps.toFixed(2))} fps, loop of ${(frames / fps).toFixed(1)} s`;
    return `  ${styleText('bold', name.padEnd(widest))}  ${styleText('cyan', url)}${ownUrl === null ? '' : `  ${styleText('cyan', ownUrl)}`}  ${styleText('dim', clip)}`;
  });
  const [first] = cameras.names;
  console.log(`\n${lines.join('\n')}\n
  Look     ffplay -rtsp_transport tcp ${cameras.url(first)}
  Orders   curl -d '{"freeze": true}' ${cameras.controlUrl}/cameras/${first}/fault
  State    curl ${cameras.controlUrl}/cameras
  Stop     Ctrl+C\n`);
}
