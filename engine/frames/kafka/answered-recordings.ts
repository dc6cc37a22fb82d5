import type { Clock } from '../../clock.ts';
import type { LogReader } from '../../log/log.ts';
import type { RecordingRoom } from './recording-room.ts';

const PAUSE_MS = 500;

/**
 * Tells the recordings of a partition what of them is looked at, by reading how far `detections` reaches: from when one of them may not
 * go on until nothing is ahead, and only when something was committed.
 *
 *   asleep ──a recording is held back──▶ listening ──committed──▶ reading ──▶ listening
 *      ▲                                                             │
 *      └────────────────── nothing is ahead ─────────────────────────┘
 */
export class AnsweredRecordings {
  private readonly log: LogReader;
  private readonly clock: Clock;
  private readonly partition: number;
  private readonly rooms = new Map<string, RecordingRoom>();
  private stopListening: (() => void) | undefined;
  private reading = false;
  private again = false;
  private closed = false;
  private cancelPause = () => {};

  constructor(log: LogReader, clock: Clock, partition: number) {
    this.log = log;
    this.clock = clock;
    this.partition = partition;
  }

  follow(camera: string, room: RecordingRoom): void {
    this.rooms.set(camera, room);
  }

  /** A recording is held back. */
  wake(): void {
    if (this.stopListening !== undefined || this.closed) return;
    this.stopListening = this.log.onCommit('detections', this.partition, () => this.read());
    this.read();
  }

  close(): void {
    this.closed = true;
    this.cancelPause();
    this.sleep();
    for (const room of this.rooms.values()) room.close();
  }

  private sleep(): void {
    this.stopListening?.();
    this.stopListening = undefined;
  }

  private read(): void {
    this.again = this.reading;
    if (this.reading || this.closed) return;
    this.reading = true;
    this.readProgress().then(
      () => this.rest(),
      () => this.pause(),
    );
  }

  private async readProgress(): Promise<void> {
    const progress = await this.log.progress('detections', this.partition);
    for (const [camera, room] of this.rooms) {
      const reach = progress.get(camera);
      if (reach !== undefined) room.answered(reach);
    }
  }

  private rest(): void {
    this.reading = false;
    if (this.again) this.read();
    else if (![...this.rooms.values()].some((room) => room.waitsForAnswers)) this.sleep();
  }

  /** The log is away; whoever writes to it tells that. Here it only has to pass. */
  private pause(): void {
    this.cancelPause = this.clock.after(PAUSE_MS, () => {
      this.reading = false;
      this.read();
    });
  }
}
