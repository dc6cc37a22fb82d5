import type { ImageSize } from '../records/record.ts';

/** What a site is asked to do: all that its size depends on. */
export interface Workload {
  readonly cameras: number;
  /** Frames a second to look at, of all cameras. */
  readonly framesPerSecond: number;
  /** What each camera sends. */
  readonly source: ImageSize & { readonly framesPerSecond: number };
  /** The model's input. */
  readonly model: ImageSize;
  /** Processor time of a worker for a frame. */
  readonly inferenceMs: number;
  /** How frames travel between processes. */
  readonly encoding: 'jpeg' | 'raw';
  /** How many brokers keep each record. */
  readonly replicas: number;
  /** Cores of each machine. */
  readonly coresAMachine: number;
}

/** As `text`: `1280x720@25`, what a camera sends. Undefined when it is not. */
export function readSource(text: string): Workload['source'] | undefined {
  const [, width, height, rate] = /^(\d{2,5})x(\d{2,5})@(\d{1,3}(?:\.\d+)?)$/.exec(text) ?? [];
  const source = { width: Number(width), height: Number(height), framesPerSecond: Number(rate) };
  return Object.values(source).every((value) => value > 0) ? source : undefined;
}
