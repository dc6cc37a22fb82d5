import type { ImageSize } from '../../engine/records/record.ts';
import type { FfmpegFlags } from './find-ffmpeg.ts';
import { letterboxFilters } from './letterbox.ts';
import { paceFilter } from './live-pace.ts';
import { INPUT_FD, OUTPUT_FD } from './process.ts';
import { cellFilter } from './time-cells.ts';

export type DecodeInput =
  /** Pictures that are handed over one by one (`decoder-feed.ts`), of the codec of these four letters. */
  | { readonly kind: 'live'; readonly fourcc: string }
  | { readonly kind: 'file'; readonly path: string }
  /** `pattern` as of ffmpeg's image2 demuxer: `/folder/%09d.png`, from 0 on. */
  | { readonly kind: 'images'; readonly pattern: string };

/** What is to be decoded, and into which two streams. */
export interface DecodeRequest {
  readonly input: DecodeInput;
  /** Frames a second to look at; of images: their rate. */
  readonly fps: number;
  readonly model: ImageSize & { readonly pad: number };
  readonly view?: { readonly width: number; readonly fps: number } | undefined;
}

/**
 * The command line of ffmpeg: one input, one or two outputs on pipes of their own. One NUT with both streams would do as well, but the
 * muxer holds a packet back until the other stream has one too: views would come one frame late.
 *
 * - the view, packed RGB (first, so that it is there when its frame is),
 * - the model's frame, planar, fitted into the model's input.
 *
 * There is never an address in it, so no password either: anybody on the machine may read it.
 */
export function decodeArguments(request: DecodeRequest, flags: FfmpegFlags): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+verbose', '-threads', '1'],
    ...inputArguments(request),
    ...['-filter_complex_threads', '1', '-filter_complex', filterGraph(request)],
    ...(request.view ? rawOutput('[view]', OUTPUT_FD, [...flags.passthrough, ...flags.keepSize]) : []),
    ...rawOutput('[model]', 1, flags.passthrough),
  ];
}

function inputArguments({ input, fps }: DecodeRequest): string[] {
  if (input.kind === 'live') return [...LIVE, `pipe:${INPUT_FD}`];
  const local = ['-protocol_whitelist', 'file'];
  if (input.kind === 'file') return [...local, '-an', '-sn', '-dn', '-i', `file:${input.path}`];
  return [...local, '-f', 'image2', '-framerate', String(fps), '-start_number', '0', '-i', input.pattern];
}

/** Nothing is looked into before it is decoded, and times stay as they are. */
const LIVE = ['-protocol_whitelist', 'pipe', '-nofind_stream_info', '-copyts', '-f', 'nut', '-i'];

/**
 * Times in microseconds, and even, but odd for the first frame of a filter graph: ffmpeg builds a new graph when the size of the picture
 * changes, so an odd time says that this frame may have another size than the one before it.
 */
const MARKED_TIMES = "settb=1/1000000,setpts='2*floor(max(PTS,0)/2)+not(N)'";

function filterGraph({ input, fps, model, view }: DecodeRequest): string {
  const source = `[0:v:0]${thinning(input.kind, fps)}${MARKED_TIMES}`;
  const frame = `${letterboxFilters(model, model.pad, 'model')}[model]`;
  if (view === undefined) return `${source},${frame}`;
  const thinned = view.fps < fps ? `${cellFilter(view.fps)},` : '';
  return `${source},split[a][b];[a]${frame};[b]${thinned}scale@view=w='min(${view.width},iw)':h=-1:flags=area,format=rgb24[view]`;
}

/** Every image is meant to be looked at; their rate is `fps` itself. */
function thinning(kind: DecodeInput['kind'], fps: number): string {
  if (kind === 'images') return '';
  return `${kind === 'file' ? cellFilter(fps) : paceFilter(fps)},`;
}

/** One thread: with more, the "encoder" of raw video holds a frame back for each of them. */
function rawOutput(label: string, fd: number, flags: readonly string[]): string[] {
  const encoder = ['-enc_time_base', '1:1000000', '-c:v', 'rawvideo', '-threads', '1', '-flush_packets', '1'];
  return ['-map', label, ...flags, ...encoder, '-f', 'nut', `pipe:${fd}`];
}
