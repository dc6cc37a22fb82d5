import { spawn } from 'node:child_process';
import type { FfmpegBuild } from './ffmpeg-builds.ts';
import { onNumbers } from './pictures.ts';

export interface WatchOptions {
  /** Of the camera's picture; the pictures come in this size. */
  readonly width: number;
  readonly height: number;
  readonly transport?: 'tcp' | 'udp';
  /** Ends after so many frames; without, when the camera or the test ends it. */
  readonly frames?: number;
  readonly inputOptions?: readonly string[];
  /** Called with the number of frames that have come so far; may end it. */
  readonly onFrame?: (count: number) => 'stop' | 'go on';
}

/** What a real ffmpeg saw. */
export interface Seen {
  /** The bar code of each frame; null where it cannot be read. */
  readonly numbers: (number | null)[];
  /** Time in seconds, from the RTP time stamps, of each frame but the first: libavformat gives the first packet of a live stream no time. */
  readonly times: number[];
  /** Size of each picture before it was scaled. */
  readonly sizes: string[];
  readonly exitCode: number | null;
  /** All that it had to say at level "warning". */
  readonly complaints: string;
}

const SHOWINFO = /\[Parsed_showinfo[^\]]*\] /;

/** Plays a camera with ffmpeg and reads every frame's bar code. */
export function watch(build: FfmpegBuild, url: string, options: WatchOptions): Promise<Seen> {
  const { width, height, transport = 'tcp', frames, inputOptions = [] } = options;
  const input = ['-rtsp_transport', transport, '-analyzeduration', '1000000', ...inputOptions, '-i', url];
  const output = [
    '-vf',
    `showinfo,scale=${width}:${height}`,
    '-vsync',
    'passthrough',
    '-enc_time_base',
    '-1',
    ...(frames === undefined ? [] : ['-frames:v', `${frames}`]),
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    'pipe:1',
  ];
  const child = spawn(build.path, ['-nostdin', '-hide_banner', '-loglevel', 'level+info', '-nostats', ...input, ...output], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const numbers: (number | null)[] = [];
  let text = '';
  child.stderr.on('data', (chunk) => (text += chunk));
  onNumbers(child.stdout, width, height, (number) => {
    numbers.push(number);
    if (options.onFrame?.(numbers.length) === 'stop') child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ numbers, ...reported(text, numbers.length), exitCode })));
}

/** What showinfo says of each frame that came, and apart from it whatever ffmpeg warns of. It may have seen one more than was written. */
function reported(text: string, frames: number): Pick<Seen, 'times' | 'sizes' | 'complaints'> {
  const lines = text.split('\n');
  const shown = lines.filter((line) => SHOWINFO.test(line) && line.includes(' pts_time:')).slice(0, frames);
  return {
    times: shown.slice(1).map((line) => Number(/ pts_time:(\S+)/.exec(line)?.[1])),
    sizes: shown.map((line) => / s:(\S+)/.exec(line)?.[1] ?? ''),
    complaints: lines.filter((line) => /\[(warning|error|fatal|panic)\]/.test(line) && !line.includes('vsync')).join('\n'),
  };
}
