import type { DrawnPicture } from '../../test/ui/web/browser.ts';
import { printCase, quantile } from '../print-case.ts';

/** What a picture's age is made of, in order; milliseconds. */
const PARTS = {
  'on the way to the site': ({ ageMs, picture }: AgedPicture) => ageMs - sinceCaptureMs(picture),
  decoded: ({ picture }: AgedPicture) => picture.timing.decoded,
  'waited for the model': ({ picture }: AgedPicture) => picture.timing.waited,
  'looked at': ({ picture }: AgedPicture) => picture.timing.inferred,
  'committed, followed, made a JPEG, sent and decoded': ({ picture }: AgedPicture) =>
    sinceCaptureMs(picture) - stagesMs(picture) - waitedToBeDrawnMs(picture),
  'waited to be drawn, and drawn': ({ picture }: AgedPicture) => waitedToBeDrawnMs(picture),
} as const;

export interface AgedPicture {
  /** From the sending of the frame to its drawing. */
  readonly ageMs: number;
  readonly picture: DrawnPicture;
}

/** Prints where the age of pictures comes from: the median and the 95th percentile of each part. */
export function printAgeParts(what: string, pictures: readonly AgedPicture[]): void {
  for (const [part, of] of Object.entries(PARTS)) {
    const times = pictures.map(of);
    printCase('live-view', `${what}: of the age, ${part}, p50`, quantile(times, 0.5), 'ms');
    printCase('live-view', `${what}: of the age, ${part}, p95`, quantile(times, 0.95), 'ms');
  }
}

function sinceCaptureMs({ atMs, captured }: DrawnPicture): number {
  return atMs - captured;
}

function stagesMs({ timing: { decoded, waited, inferred } }: DrawnPicture): number {
  return decoded + waited + inferred;
}

function waitedToBeDrawnMs({ drawnMs, receivedMs }: DrawnPicture): number {
  return drawnMs - receivedMs;
}
