import type { Depacketizer, DepacketizerEvents } from './access-unit.ts';
import { H264, h264ParameterSets } from './h264-packing.ts';
import { H265, h265ParameterSets } from './h265-packing.ts';
import { JpegDepacketizer } from './jpeg-depacketizer.ts';
import { Mpeg4Depacketizer, mpeg4Configuration } from './mpeg4-depacketizer.ts';
import { NalDepacketizer } from './nal-depacketizer.ts';
import { RtspProblem } from './rtsp-problem.ts';
import type { VideoDescription } from './session-description.ts';

/** How a codec's pictures are put together from packets, and what the decoder is told that they are. */
export interface Codec {
  /** Four letters, as containers name it. */
  readonly fourcc: string;
  readonly depacketizer: (events: DepacketizerEvents) => Depacketizer;
}

/**
 * The codec of a described stream.
 *
 * @throws RtspProblem for one that is not understood, or packed in a way that is not.
 */
export function codecOf({ codec, parameters }: VideoDescription): Codec {
  switch (codec) {
    case 'H264':
      refuseInterleaving(parameters.get('packetization-mode') === '2');
      return { fourcc: 'H264', depacketizer: (events) => new NalDepacketizer(H264, h264ParameterSets(parameters), events) };
    case 'H265':
      refuseInterleaving(Number(parameters.get('sprop-max-don-diff') ?? 0) > 0);
      return { fourcc: 'HEVC', depacketizer: (events) => new NalDepacketizer(H265, h265ParameterSets(parameters), events) };
    case 'JPEG':
      return { fourcc: 'MJPG', depacketizer: (events) => new JpegDepacketizer(events) };
    case 'MP4V-ES':
      return { fourcc: 'FMP4', depacketizer: (events) => new Mpeg4Depacketizer(mpeg4Configuration(parameters), events) };
    default:
      throw new RtspProblem('codec', `the camera sends ${codec}; H264, H265, JPEG and MP4V-ES are understood`);
  }
}

function refuseInterleaving(isInterleaved: boolean): void {
  if (isInterleaved) throw new RtspProblem('codec', 'the camera sends its packets in another order than they are decoded in (interleaved)');
}
