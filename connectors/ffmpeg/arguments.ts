import type { ImageSize } from '../../engine/records/record.ts';
import type { FfmpegFlags } from './find-ffmpeg.ts';
import { letterboxFilters } from './letterbox.ts';
import { paceFilter } from './live-pace.ts';
import { cellFilter } from './time-cells.ts';

/** File descriptors of the child, beside standard output (model frames) and standard error. */
export const VIEW_FD = 4;
export const PACKETS_FD = 5;

/** Without a packet for this long, ffmpeg itself gives up reading from the network. Our own watchdog is quicker. */
const NETWORK_TIMEOUT_MS = 5000;

export type DecodeInput =
  /** `described`: the camera told its parameter sets beforehand, so that nothing must be probed. */
  | { readonly kind: 'rtsp'; readonly url: string; readonly transport: 'tcp' | 'udp'; readonly described: boolean }
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
 * The command line of ffmpeg: one input, up to three outputs on pipes of their own. One NUT with both streams would do as well, but the
 * muxer holds a packet back until the other stream has one too: views would come one frame late.
 *
 * - the view, packed RGB (first, so that it is there when its frame is),
 * - the model's frame, planar, fitted into the model's input,
 * - live only: a line for every packet that arrives, before any key frame (`packet-lines.ts`).
 */
export function decodeArguments(request: DecodeRequest, flags: FfmpegFlags): string[] {
  const live = request.input.kind === 'rtsp';
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+verbose', '-threads', '1'],
    ...inputArguments(request, flags),
    ...['-filter_complex_threads', '1', '-filter_complex', filterGraph(request)],
    ...(request.view ? rawOutput('[view]', VIEW_FD, [...flags.passthrough, ...flags.keepSize]) : []),
    ...rawOutput('[model]', 1, flags.passthrough),
    ...(live ? ['-map', '0:v:0', '-c', 'copy', '-copyinkf', '-flush_packets', '1', '-f', 'framecrc', `pipe:${PACKETS_FD}`] : []),
  ];
}

function inputArguments({ input, fps }: DecodeRequest, flags: FfmpegFlags): string[] {
  const videoOnly = ['-an', '-sn', '-dn'];
  if (input.kind === 'rtsp') return [...liveArguments(input, flags), ...videoOnly, '-i', input.url];
  const local = ['-protocol_whitelist', 'file'];
  if (input.kind === 'file') return [...local, ...videoOnly, '-i', `file:${input.path}`];
  return [...local, '-f', 'image2', '-framerate', String(fps), '-start_number', '0', '-i', input.pattern];
}

/** Times are those of arrival. With its default probe ffmpeg would hold the first seconds back. */
function liveArguments({ transport, described }: { transport: 'tcp' | 'udp'; described: boolean }, { timeout }: FfmpegFlags): string[] {
  const probe = described ? ['-probesize', '32', '-analyzeduration', '1'] : ['-probesize', '5M', '-analyzeduration', '10M'];
  return [
    ...['-protocol_whitelist', transport === 'tcp' ? 'rtp,tcp,tls' : 'rtp,rtcp,udp,tcp,tls', '-rtsp_transport', transport],
    ...[timeout, String(NETWORK_TIMEOUT_MS * 1000), '-use_wallclock_as_timestamps', '1', '-copyts'],
    ...[...probe, '-fflags', 'nobuffer'],
  ];
}

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
