/** The way of packets to one viewer. */
export interface RtpTransport {
  readonly kind: 'tcp' | 'udp';
  /** Sends the packets of one picture. */
  sendRtp(packets: readonly Buffer[]): void;
  sendRtcp(packet: Buffer): void;
  /** Sent, but not yet taken by the viewer or its system. */
  readonly waitingBytes: number;
  /** Runs `action` whenever the viewer has taken all of it. */
  onDrained(action: () => void): void;
  close(): void;
}
