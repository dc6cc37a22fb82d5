import { boxesIn, findBox, needBox } from './mp4-boxes.ts';

/** One coded picture in the file. */
export interface Sample {
  /** Place of the first byte in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Decoding time, in units of the track's timescale; equals the time of showing, since B-frames are refused. */
  readonly time: number;
  /** True where decoding can begin. */
  readonly key: boolean;
}

/** The H.264 track of an MP4 file: where its pictures lie and how to decode them. */
export interface VideoTrack {
  readonly width: number;
  readonly height: number;
  /** Units a second. */
  readonly timescale: number;
  /** Of all samples together, in units of the timescale. */
  readonly duration: number;
  /** Bytes of the length that stands before each NAL unit: 1, 2 or 4. */
  readonly lengthBytes: number;
  readonly sps: readonly Buffer[];
  readonly pps: readonly Buffer[];
  readonly samples: readonly Sample[];
}

/**
 * Reads the first video track of an MP4 file (ISO/IEC 14496-12 sample tables, 14496-15 for avcC).
 * Throws where it is not H.264, fragmented, without pictures, or has B-frames.
 */
export function readVideoTrack(file: Buffer): VideoTrack {
  const media = videoMedia(needBox(file, 'moov'));
  const header = needBox(media, 'mdhd');
  const tables = needBox(media, 'minf', 'stbl');
  const { times, duration } = decodingTimes(needBox(tables, 'stts'));
  refuseReordering(tables);
  const samples = sampleList(tables, times);
  if (samples.length === 0)
    throw new Error('the video track has no samples: fragmented MP4 is not read; remux with "ffmpeg -i in.mp4 -c copy out.mp4"');
  const timescale = header.readUInt32BE(header[0] === 1 ? 20 : 12);
  return { ...sampleEntry(needBox(tables, 'stsd')), timescale, duration, samples };
}

function videoMedia(moov: Buffer): Buffer {
  for (const { type, body } of boxesIn(moov)) {
    if (type !== 'trak') continue;
    const media = needBox(body, 'mdia');
    if (needBox(media, 'hdlr').toString('latin1', 8, 12) === 'vide') return media;
  }
  throw new Error('the file has no video track');
}

function sampleEntry(stsd: Buffer): Pick<VideoTrack, 'width' | 'height' | 'lengthBytes' | 'sps' | 'pps'> {
  const [entry] = boxesIn(stsd.subarray(8));
  if (entry?.type !== 'avc1') {
    throw new Error(`the video is "${entry?.type ?? 'nothing'}", expected H.264 (avc1): encode with "-c:v libx264"`);
  }
  const config = needBox(entry.body.subarray(78), 'avcC');
  const sets = parameterSets(config);
  if (sets.sps.length === 0 || sets.pps.length === 0) throw new Error('the avcC box holds no SPS or no PPS: a decoder could not start');
  return { width: entry.body.readUInt16BE(24), height: entry.body.readUInt16BE(26), ...sets };
}

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 section 5.3.3.1. */
function parameterSets(config: Buffer): Pick<VideoTrack, 'lengthBytes' | 'sps' | 'pps'> {
  const sps = nalList(config, 6, config[5] & 0x1f);
  const pps = nalList(config, sps.end + 1, config[sps.end]);
  return { lengthBytes: (config[4] & 0x03) + 1, sps: sps.nals, pps: pps.nals };
}

function nalList(bytes: Buffer, start: number, count: number): { nals: Buffer[]; end: number } {
  const nals: Buffer[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const size = bytes.readUInt16BE(at);
    nals.push(bytes.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return { nals, end: at };
}

function decodingTimes(stts: Buffer): { times: number[]; duration: number } {
  const times: number[] = [];
  let time = 0;
  for (const [count, delta] of rows(stts, 2)) {
    for (let i = 0; i < count; i++) {
      times.push(time);
      time += delta;
    }
  }
  return { times, duration: time };
}

/** Decoding and showing order differ where composition offsets differ. */
function refuseReordering(tables: Buffer): void {
  const ctts = findBox(tables, 'ctts');
  if (ctts === undefined) return;
  const offsets = new Set(Array.from(rows(ctts, 2), ([, offset]) => offset));
  if (offsets.size > 1) throw new Error('the video has B-frames, which cameras do not send: encode with "-bf 0"');
}

function sampleList(tables: Buffer, times: readonly number[]): Sample[] {
  const sizes = sampleSizes(needBox(tables, 'stsz'));
  const offsets = sampleOffsets(tables, sizes);
  const keys = keySamples(findBox(tables, 'stss'));
  return sizes.map((sizeBytes, i) => ({ offset: offsets[i], sizeBytes, time: times[i], key: keys === undefined || keys.has(i) }));
}

function sampleSizes(stsz: Buffer): number[] {
  const same = stsz.readUInt32BE(4);
  const count = stsz.readUInt32BE(8);
  return Array.from({ length: count }, (_, i) => (same === 0 ? stsz.readUInt32BE(12 + 4 * i) : same));
}

/** Samples lie back to back inside chunks; `stsc` says how many are in each. */
function sampleOffsets(tables: Buffer, sizes: readonly number[]): number[] {
  const runs = [...rows(needBox(tables, 'stsc'), 3)];
  const offsets: number[] = [];
  let run = 0;
  chunkOffsets(tables).forEach((chunkOffset, chunk) => {
    if (runs[run + 1]?.[0] === chunk + 1) run++;
    let at = chunkOffset;
    for (let i = 0; i < runs[run][1] && offsets.length < sizes.length; i++) {
      const sample = offsets.push(at) - 1;
      at += sizes[sample];
    }
  });
  return offsets;
}

function chunkOffsets(tables: Buffer): number[] {
  const short = findBox(tables, 'stco');
  if (short !== undefined) return Array.from(rows(short, 1), ([offset]) => offset);
  const long = needBox(tables, 'co64');
  return Array.from({ length: long.readUInt32BE(4) }, (_, i) => Number(long.readBigUInt64BE(8 + 8 * i)));
}

/** Without the table every sample is a key frame. Its numbers begin at 1. */
function keySamples(stss: Buffer | undefined): Set<number> | undefined {
  return stss && new Set(Array.from(rows(stss, 1), ([number]) => number - 1));
}

/** A full box with a count, then rows of 32-bit numbers. */
function* rows(box: Buffer, columns: number): Generator<number[]> {
  const count = box.readUInt32BE(4);
  for (let row = 0; row < count; row++) {
    yield Array.from({ length: columns }, (_, column) => box.readUInt32BE(8 + 4 * (row * columns + column)));
  }
}
