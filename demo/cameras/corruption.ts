/** How often packets are damaged on the way, and by which dice: the same seed damages the same packets. */
export interface Corruption {
  /** Share of the packets, 0 to 1, in which one bit is turned over. */
  readonly rate: number;
  /** 32 bits. */
  readonly seed: number;
}

const RTP_HEADER_BYTES = 12;

/** A function that damages packets in place. The RTP header is spared: the packet arrives, what it carries is wrong. */
export function corrupter({ rate, seed }: Corruption): (packet: Buffer) => void {
  const random = randomNumbers(seed);
  return (packet) => {
    if (random() >= rate) return;
    const bits = (packet.length - RTP_HEADER_BYTES) * 8;
    const bit = Math.floor(random() * bits);
    packet[RTP_HEADER_BYTES + (bit >> 3)] ^= 1 << (bit & 7);
  };
}

/** Numbers from 0 up to 1, the same for the same seed: a Weyl sequence stirred with the finalizer of MurmurHash3. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
  };
}
