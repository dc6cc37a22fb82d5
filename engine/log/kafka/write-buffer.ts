import { OcelliError } from '../../errors.ts';

/** How much may wait for the broker, all topics together: memory stays bounded when it takes less than comes. */
export class WriteBuffer {
  private readonly limitBytes: number;
  private usedBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** False when there is no room; something always fits into an empty buffer. */
  take(bytes: number): boolean {
    if (this.usedBytes > 0 && this.usedBytes + bytes > this.limitBytes) return false;
    this.usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.usedBytes -= bytes;
  }

  full(topic: string): OcelliError {
    return new OcelliError(
      'LOG_UNAVAILABLE',
      `${this.usedBytes} bytes wait to be written to Kafka, and no more than ${this.limitBytes} are kept: it takes less than comes, or does not answer. An append to topic ${topic} was refused; it is tried again.`,
      { topic, usedBytes: this.usedBytes, limitBytes: this.limitBytes },
    );
  }
}
