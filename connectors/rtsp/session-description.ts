import { RtspProblem } from './rtsp-problem.ts';

/** What a camera says of its video before it is played (RFC 8866, and what RTSP adds to it: RFC 2326, appendix C). */
export interface VideoDescription {
  /** As in the SDP, in capitals: `H264`, `H265`, `JPEG` … */
  readonly codec: string;
  readonly payloadType: number;
  /** Ticks of RTP time a second. */
  readonly clockRate: number;
  readonly fps?: number;
  /** The parameters of the format (`a=fmtp`), names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Addresses for SETUP and for PLAY. They may name another host; they are only ever sent over the connection that there is. */
  readonly setupUrl: string;
  readonly playUrl: string;
}

/** Codecs whose number says it all (RFC 3551, section 6). */
const STATIC_TYPES: ReadonlyMap<number, string> = new Map([[26, 'JPEG']]);
const VIDEO_CLOCK_RATE = 90_000;
const URL_LIMIT = 2048;

/**
 * Reads the first video stream of a description.
 *
 * @param base what relative addresses count from: `Content-Base` or `Content-Location` of the answer, else the address that was asked.
 * @throws RtspProblem when there is no video in it.
 */
export function readDescription(sdp: string, base: string): VideoDescription {
  const [session = [], ...media] = sections(sdp);
  const video = media.find(([first]) => /^m=video\s/.test(first as string));
  if (video === undefined) throw new RtspProblem('codec', 'the camera describes a stream without video');
  const payloadType = Number(/^m=video \S+ \S+ (\d{1,3})/.exec(video[0] as string)?.[1] ?? Number.NaN);
  const map = new RegExp(`^a=rtpmap:${payloadType} ([^/\\s]+)(?:/(\\d+))?`).exec(attribute(video, `rtpmap:${payloadType} `) ?? '');
  const fps = Number(/[\d.]+/.exec(attribute(video, 'framerate:') ?? '')?.[0] ?? Number.NaN);
  return {
    codec: map?.[1]?.toUpperCase() ?? STATIC_TYPES.get(payloadType) ?? 'unknown',
    payloadType,
    clockRate: Number(map?.[2] ?? 0) || VIDEO_CLOCK_RATE,
    ...(fps > 0 ? { fps } : {}),
    parameters: readParameters(attribute(video, `fmtp:${payloadType} `) ?? ''),
    setupUrl: resolved(controlOf(video), base),
    playUrl: resolved(controlOf(session), base),
  };
}

/** The lines of the session, then of each stream. */
function sections(sdp: string): string[][] {
  const all: string[][] = [[]];
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    if (line.startsWith('m=')) all.push([]);
    (all.at(-1) as string[]).push(line);
  }
  return all;
}

function attribute(lines: readonly string[], beginning: string): string | undefined {
  return lines.find((line) => line.startsWith(`a=${beginning}`));
}

function controlOf(lines: readonly string[]): string {
  return attribute(lines, 'control:')?.slice('a=control:'.length).trim() ?? '*';
}

/** As cameras mean it: what is not absolute is put behind the base, also behind a query. */
function resolved(control: string, base: string): string {
  const url =
    control === '*' || control === '' ? base : isAbsolute(control) ? control : `${base}${base.endsWith('/') ? '' : '/'}${control}`;
  if (url.length <= URL_LIMIT && /^[\x21-\x7e]+$/.test(url)) return url;
  throw new RtspProblem('codec', `the camera describes a stream at an address of ${url.length} characters that is none`);
}

function isAbsolute(control: string): boolean {
  return /^rtsps?:\/\//i.test(control);
}

/** `a=fmtp:96 name=value; name=value`; a value may hold "=". */
function readParameters(line: string): Map<string, string> {
  const text = line.slice(line.indexOf(' ') + 1);
  const pairs = text.split(';').map((pair) => pair.trim());
  return new Map(pairs.filter((pair) => pair.includes('=')).map((pair) => splitPair(pair)));
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim()];
}
