import type { Clip } from './clip.ts';
import { profileLevelId } from './h264.ts';
import { PAYLOAD_TYPE } from './rtp-packetizer.ts';

/** The description of a camera (RFC 8866; parameters of H.264 by RFC 6184, section 8.2.1). */
export function sdpOf(camera: string, clip: Clip, host: string): string {
  const sets = [...clip.sps, ...clip.pps].map((nal) => nal.toString('base64')).join(',');
  const family = host.includes(':') ? 'IP6' : 'IP4';
  return `${[
    'v=0',
    `o=- 1 1 IN ${family} ${host}`,
    `s=${camera}`,
    `c=IN ${family} ${family === 'IP6' ? '::' : '0.0.0.0'}`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} H264/90000`,
    `a=fmtp:${PAYLOAD_TYPE} packetization-mode=1;profile-level-id=${profileLevelId(clip.sps[0])};sprop-parameter-sets=${sets}`,
    `a=framerate:${Number(clip.fps.toFixed(3))}`,
    'a=control:track1',
  ].join('\r\n')}\r\n`;
}
