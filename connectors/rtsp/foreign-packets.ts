/** Where a packet comes from, by the first bytes of what it carries. */
export type PacketOrigin =
  /** Part of a picture of the described codec. */
  | 'own'
  /** Nothing that the described codec has. */
  | 'foreign'
  /** Either may be. */
  | 'unclear';

/** So many packets that are none of this codec, and no picture of it among them: it is another one. */
const CHANGED_AFTER_PACKETS = 20;

/**
 * Notices that a camera was set to another codec while it plays, and sends it under the number of the former one: nothing that comes can
 * be decoded any more, and nobody says why. Damage is no reason: between damaged packets there are good ones.
 */
export class ForeignPackets {
  private readonly originOf: (payload: Buffer) => PacketOrigin;
  private readonly changed: () => void;
  private foreign = 0;

  constructor(originOf: (payload: Buffer) => PacketOrigin, changed: () => void) {
    this.originOf = originOf;
    this.changed = changed;
  }

  see(payload: Buffer): void {
    const origin = this.originOf(payload);
    if (origin === 'own') this.foreign = 0;
    if (origin !== 'foreign') return;
    this.foreign += 1;
    if (this.foreign === CHANGED_AFTER_PACKETS) this.changed();
  }
}
