import type { Recorded } from '../connectors/index.ts';
import type { BusItem } from '../engine/frames/frame.ts';
import type { FrameSink } from '../engine/frames/frame-bus.ts';
import { lastPlace } from '../engine/records/place.ts';
import { endTime } from '../engine/records/place-rule.ts';

/**
 * A sink that remembers how far its camera has come, so that the next connector of the camera goes on above it, also while the last
 * items are still on their way to the log.
 */
export class RememberingSink implements FrameSink {
  recorded: Recorded | undefined;
  private readonly sink: FrameSink;

  constructor(sink: FrameSink, recorded: Recorded | undefined) {
    this.sink = sink;
    this.recorded = recorded;
  }

  put(item: BusItem): void {
    this.recorded = after(this.recorded, item);
    this.sink.put(item);
  }

  room(): Promise<void> {
    return this.sink.room();
  }

  close(): void {
    this.sink.close();
  }
}

function after(before: Recorded | undefined, item: BusItem): Recorded {
  const same = before?.session === item.session ? before : undefined;
  const time = endTime(item, before);
  const settings = item.type === 'mark' && item.mark === 'settings' ? item.hash : same?.settings;
  const began = same?.began ?? (item.type === 'mark' ? (item.start ?? item.time) : undefined);
  const framesUntil = item.type === 'mark' ? before?.framesUntil : time;
  return {
    ...lastPlace(item),
    time,
    ...(settings === undefined ? {} : { settings }),
    ...(began === undefined ? {} : { began }),
    ...(framesUntil === undefined ? {} : { framesUntil }),
  };
}
