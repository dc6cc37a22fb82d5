import { onTestFinished } from 'vitest';
import type { Reason } from '../../../connectors/cause.ts';
import { type AccessUnit, RtspSource, type SourceDescription } from '../../../connectors/rtsp/index.ts';
import { ManualClock } from '../../manual-clock.ts';

/** A source, and everything that it told. */
export interface Opened {
  readonly source: RtspSource;
  readonly clock: ManualClock;
  readonly playing: Promise<SourceDescription>;
  readonly ended: Promise<Reason>;
  readonly packets: boolean[];
  readonly pictures: { readonly unit: AccessUnit; readonly timeMs: number }[];
  readonly counts: { damaged: number; lost: number; ended: number };
  /** Resolves when this many packets have come. */
  until(packets: number): Promise<void>;
}

export function openSource(url: string, transport: 'tcp' | 'udp' = 'tcp'): Opened {
  const clock = new ManualClock();
  const [playing, ended] = [Promise.withResolvers<SourceDescription>(), Promise.withResolvers<Reason>()];
  const packets: boolean[] = [];
  const pictures: { unit: AccessUnit; timeMs: number }[] = [];
  const counts = { damaged: 0, lost: 0, ended: 0 };
  let plays = false;
  let waits: (() => void)[] = [];
  const count = (name: keyof typeof counts, by: number) => {
    counts[name] += by;
  };
  const source = new RtspSource(url, transport, clock, {
    playing: (description) => {
      plays = true;
      playing.resolve(description);
    },
    packet: (begins) => {
      packets.push(begins);
      for (const wake of waits.splice(0)) setImmediate(wake);
    },
    // As the connector: without a decoder, a picture is lost.
    picture: (unit, timeMs) => {
      if (plays) pictures.push({ unit, timeMs });
    },
    damaged: () => count('damaged', 1),
    lost: (lost) => count('lost', lost),
    ended: (reason) => {
      count('ended', 1);
      ended.resolve(reason);
    },
  });
  onTestFinished(() => source.close());
  const until = async (wanted: number) => {
    while (packets.length < wanted) await new Promise<void>((resolve) => waits.push(resolve));
    waits = [];
  };
  return { source, clock, playing: playing.promise, ended: ended.promise, packets, pictures, counts, until };
}
