const TIME_BASE = /^#tb 0: (\d+)\/(\d+)$/;
const LONGEST_LINE = 400;

/** Reads the lines of ffmpeg's `framecrc` output: one for each packet that arrived, with its time. */
export class PacketLines {
  private readonly packet: (timeUs: number) => void;
  private rest = '';
  private tickUs = 0;

  constructor(packet: (timeUs: number) => void) {
    this.packet = packet;
  }

  push(chunk: Buffer): void {
    const lines = (this.rest + chunk.toString('latin1')).split('\n');
    this.rest = (lines.pop() as string).slice(0, LONGEST_LINE);
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    const base = TIME_BASE.exec(line);
    if (base !== null) this.tickUs = (Number(base[1]) * 1e6) / Number(base[2]);
    else if (!line.startsWith('#')) this.packet(Math.round(Number(line.split(',')[2]) * this.tickUs));
  }
}
