/** Types of NAL units that matter to a camera (ITU-T H.264, table 7-1). */
export const NAL = { idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9, filler: 12 } as const;

/** The type of a NAL unit: the low five bits of its first byte. */
export function nalType(nal: Uint8Array): number {
  return nal[0] & 0x1f;
}

/** Splits a sample of an MP4 file into its NAL units; each stands behind its length in `lengthBytes` bytes. */
export function splitSample(sample: Buffer, lengthBytes: number): Buffer[] {
  const nals: Buffer[] = [];
  let at = 0;
  while (at + lengthBytes <= sample.length) {
    const size = sample.readUIntBE(at, lengthBytes);
    const start = at + lengthBytes;
    if (size === 0 || start + size > sample.length) {
      throw new Error(`a NAL unit says that it is ${size} bytes long, but ${sample.length - start} bytes are left in its sample`);
    }
    nals.push(sample.subarray(start, start + size));
    at = start + size;
  }
  return nals;
}

/** What a camera sends for one picture: parameter sets before a key frame, and neither delimiters nor filling. */
export function accessUnit(nals: readonly Buffer[], key: boolean, sps: readonly Buffer[], pps: readonly Buffer[]): Buffer[] {
  const dropped: readonly number[] = [NAL.sps, NAL.pps, NAL.delimiter, NAL.filler];
  const pictures = nals.filter((nal) => !dropped.includes(nalType(nal)));
  return key ? [...sps, ...pps, ...pictures] : pictures;
}

/** Six hexadecimal digits for SDP (RFC 6184, section 8.1): profile, constraints and level from the SPS. */
export function profileLevelId(sps: Buffer): string {
  return sps.toString('hex', 1, 4);
}
