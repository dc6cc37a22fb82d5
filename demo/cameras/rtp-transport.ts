/** The way of packets to one viewer. */
export interface RtpTransport {
  readonly kind: 'tcp' | 'udp';
  /** Sends the packets of one picture. */
  sendRtp(packets: readonly Buffer[]): void;
  sendRtcp(packet: Buffer): void;
  /** True while the viewer has not taken what was sent before. */
  readonly congested: boolean;
  /** Runs `action` whenever the viewer has caught up. */
  onDrained(action: () => void): void;
  close(): void;
}
