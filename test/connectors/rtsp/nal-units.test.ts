import { describe, expect, it } from 'vitest';
import { UNIT_LIMIT_BYTES } from '../../../connectors/rtsp/access-unit.ts';
import { H264, h264ParameterSets } from '../../../connectors/rtsp/h264-packing.ts';
import { H265, h265ParameterSets } from '../../../connectors/rtsp/h265-packing.ts';
import { NalDepacketizer } from '../../../connectors/rtsp/nal-depacketizer.ts';
import { type Collected, collect, type Made, packet } from './collected.ts';

const [SPS, PPS, IDR, P, NEXT_SLICE] = [
  [0x67, 1, 2],
  [0x68, 3],
  [0x65, 0x88, 9],
  [0x41, 0x9a, 8],
  [0x41, 0x12, 7],
] as const;

function h264(packets: readonly Made[], sets: readonly Buffer[] = []): Collected {
  return collect((events) => new NalDepacketizer(H264, sets, events), packets.map(packet));
}

function h265(packets: readonly Made[], sets: readonly Buffer[] = []): Collected {
  return collect((events) => new NalDepacketizer(H265, sets, events), packets.map(packet));
}

/** The NAL units of each picture, in hexadecimal. */
function nals({ units }: Collected): string[] {
  return units.map(({ bytes }) => bytes.toString('hex').split('00000001').slice(1).join(' '));
}

/** Payloads of one packet each; the last has the marker. */
function picture(sequence: number, timestamp: number, ...payloads: (readonly number[])[]): Made[] {
  return payloads.map((payload, i) => ({ sequence: sequence + i, timestamp, payload, marker: i === payloads.length - 1 }));
}

describe('pictures of H.264', () => {
  it('come from single NAL units, aggregates and fragments (RFC 6184, sections 5.6, 5.7.1, 5.8)', () => {
    const aggregate = [0x78, 0, 3, ...SPS, 0, 2, ...PPS];
    const fragments = [
      [0x7c, 0x85, 0x88, 1],
      [0x7c, 0x05, 2],
      [0x7c, 0x45, 3],
    ];
    const came = h264([...picture(1, 10, aggregate, ...fragments), ...picture(5, 20, P)]);
    expect(nals(came)).toEqual(['670102 6803 6588010203', '419a08']);
    expect(came.units.map(({ key, timestamp, arrivedMs }) => [key, timestamp, arrivedMs])).toEqual([
      [true, 10, 0],
      [false, 20, 4],
    ]);
    expect(came.damaged).toBe(0);
  });

  it('end where the time changes, if there is no marker', () => {
    const packets = [IDR, P, P].map((payload, i) => ({ sequence: i, timestamp: 10 * i, payload }));
    expect(nals(h264(packets))).toEqual(['658809', '419a08']);
  });

  it('number their packets around', () => {
    const packets = [65_534, 65_535, 0, 1].flatMap((sequence) => picture(sequence, sequence, P));
    expect(h264(packets)).toMatchObject({ damaged: 0, units: { length: 4 } });
  });

  it('have the parameter sets of the description before the first key frame, once, and before those of the stream, which win', () => {
    const sets = h264ParameterSets(new Map([['sprop-parameter-sets', `${Buffer.from([0x67, 0xee]).toString('base64')},aO4=,!!`]]));
    const came = h264([...picture(1, 1, P), ...picture(2, 2, SPS, PPS, IDR), ...picture(5, 3, IDR)], sets);
    expect(nals(came)).toEqual(['419a08', '67ee 68ee 670102 6803 658809', '658809']);
  });

  it('are whole when the marker stands on their parameter sets, too', () => {
    const came = h264([...picture(1, 10, SPS), ...picture(2, 10, PPS), ...picture(3, 10, IDR), ...picture(4, 20, P)]);
    expect(nals(came)).toEqual(['670102 6803 658809', '419a08']);
    expect(came.units[0]?.arrivedMs).toBe(0);
  });

  it('are whole again after a few when the marker stands on every slice', () => {
    const twoSlices = (n: number) => [...picture(2 * n, 10 * n, P), ...picture(2 * n + 1, 10 * n, NEXT_SLICE)];
    const came = h264([0, 1, 2, 3, 4, 5].flatMap(twoSlices));
    expect(nals(came).slice(-2)).toEqual(['419a08 411207', '419a08 411207']);
    expect(nals(came).filter((units) => units === '411207').length).toBeLessThanOrEqual(3);
  });

  it('take parameter sets that come between slices along to the next', () => {
    const came = h264([...picture(1, 10, SPS, IDR, SPS, [0x65, 0x12, 5]), ...picture(5, 20, P)]);
    expect(nals(came)).toEqual(['670102 658809 651205', '670102 419a08']);
    expect(came.units.map(({ key }) => key)).toEqual([true, false]);
  });

  it.each([
    ['an IDR picture', [IDR], true],
    ['a recovery point', [[0x06, 0x01, 0x01, 0x00, 0x06, 0x01, 0x80, 0x80], P], true],
    ['an intra picture with parameters', [SPS, PPS, [0x41, 0x88, 1]], true],
    ['an intra picture alone', [[0x41, 0x88, 1]], false],
    ['parameters before any other picture', [SPS, PPS, P], false],
  ] as const)('can be decoded from %s on: %s', (_, payloads, key) => {
    expect(h264(picture(1, 1, ...payloads)).units[0]?.key).toBe(key);
  });

  it('with a hole lack the NAL unit that has it, and say so once', () => {
    const slices = [P, [0x5c, 0x81, 0x12, 1], [0x5c, 0x01, 2], [0x5c, 0x01, 3], [0x5c, 0x41, 4]];
    const packets = picture(1, 10, ...slices).filter(({ sequence }) => sequence !== 3);
    const came = h264([...packets, ...picture(6, 20, P)]);
    expect(nals(came)).toEqual(['419a08', '419a08']);
    expect(came.damaged).toBe(1);
  });

  it('of which nothing is left are not given; their parameter sets do not make a key frame of the next', () => {
    const packets = picture(1, 10, SPS, PPS, [0x7c, 0x85, 0x88], [0x7c, 0x05, 2], [0x7c, 0x45, 3]).filter(({ sequence }) => sequence !== 4);
    const came = h264([...packets, ...picture(6, 20, P)]);
    expect(nals(came)).toEqual(['419a08']);
    expect(came.units[0]?.key).toBe(false);
    expect(came.damaged).toBe(1);
  });

  it.each([
    ['an aggregate that is longer than its packet', [0x78, 0xff, 0xff, 0x41]],
    ['an aggregate of half a length', [0x78, 0]],
    ['a fragment without anything in it', [0x7c, 0x85]],
    ['a fragment whose beginning never came', [0x7c, 0x05, 1]],
    ['the interleaved mode', [0x79, 0, 0, 0, 3, 0x41, 0x9a, 1]],
    ['no type', [0x40, 1]],
  ])('are damaged by %s, and the next is whole', (_, payload) => {
    const came = h264([...picture(1, 10, payload), ...picture(2, 20, IDR)]);
    expect(came.damaged).toBe(1);
    expect(nals(came)).toEqual(['658809']);
  });

  it('that never end are given up: neither in bytes nor in NAL units they grow without bound', () => {
    const part = Buffer.concat([Buffer.of(0x7c, 0x05), Buffer.alloc(60_000)]);
    const bytes = [
      { sequence: 0, payload: [0x7c, 0x85, 1] },
      ...Array.from({ length: 600 }, (_, i) => ({ sequence: i + 1, payload: part })),
    ];
    const tiny = Buffer.concat([Buffer.of(0x78), ...Array.from({ length: 5000 }, () => Buffer.of(0, 1, 0x41))]);
    for (const came of [h264(bytes), h264([{ sequence: 0, payload: tiny }])]) {
      expect(came.damaged).toBeGreaterThanOrEqual(1);
      expect(came.units.every(({ bytes: { length } }) => length <= UNIT_LIMIT_BYTES)).toBe(true);
    }
  });

  it('come from no bytes whatever with an exception', () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 0x8000_0000;
      return Math.floor((seed / 0x8000_0000) * below);
    };
    const packets = Array.from({ length: 20_000 }, (_, i) => ({
      sequence: (i + (random(20) === 0 ? 1 : 0)) & 0xffff,
      timestamp: Math.floor(i / 5),
      payload: Array.from({ length: random(12) }, () => random(256)),
      marker: random(5) === 0,
    }));
    for (const { units } of [h264(packets), h265(packets)]) expect(units.length).toBeGreaterThan(100);
  });
});

describe('pictures of H.265', () => {
  const [VPS, SPS_265, PPS_265, IDR_265, TRAIL] = [
    [0x40, 1, 1],
    [0x42, 1, 2],
    [0x44, 1, 3],
    [0x26, 1, 0x80],
    [0x02, 1, 0x80],
  ] as const;

  it('come from single NAL units, aggregates and fragments (RFC 7798, sections 4.4.1 to 4.4.3)', () => {
    const aggregate = [0x60, 1, 0, 3, ...VPS, 0, 3, ...SPS_265, 0, 3, ...PPS_265];
    const fragments = [
      [0x62, 1, 0x93, 0x80, 1],
      [0x62, 1, 0x13, 2],
      [0x62, 1, 0x53, 3],
    ];
    const came = h265([...picture(1, 10, aggregate, ...fragments), ...picture(5, 20, TRAIL)]);
    expect(nals(came)).toEqual(['400101 420102 440103 260180010203', '020180']);
    expect(came.units.map(({ key }) => key)).toEqual([true, false]);
  });

  it('have the parameter sets of the description before the first key frame', () => {
    const base64 = (bytes: readonly number[]) => Buffer.from(bytes).toString('base64');
    const parameters = new Map([
      ['sprop-vps', base64(VPS)],
      ['sprop-sps', base64(SPS_265)],
      ['sprop-pps', base64(PPS_265)],
    ]);
    expect(nals(h265(picture(1, 1, IDR_265), h265ParameterSets(parameters)))).toEqual(['400101 420102 440103 260180']);
  });

  it('with a hole lack the NAL unit that has it', () => {
    const packets = picture(1, 10, TRAIL, [0x62, 1, 0x81, 0, 1], [0x62, 1, 1, 2], [0x62, 1, 0x41, 3]).filter(
      ({ sequence }) => sequence !== 3,
    );
    const came = h265(packets);
    expect(nals(came)).toEqual(['020180']);
    expect(came.damaged).toBe(1);
  });
});
