import { useState } from 'preact/hooks';
import type { Box, StreamRecord, TrackedObject, TracksRecord } from '../../../../engine/records/record.ts';
import type { KeptPicture as Kept } from '../../../protocol.ts';
import { pictureAddress } from '../live/kept-pictures.ts';
import { seenObjects } from '../seen-objects.ts';
import { trackColour, trackNumber } from '../track-colour.ts';

/** A frame, and marks and gaps that may have its time. */
const AT_ONE_TIME = 4;
/** Of the picture, about. */
const LABEL_HEIGHT = 0.08;

/** A picture that was kept, with the boxes of its record where the log still has that. */
export function KeptPicture({ picture, alt }: { readonly picture: Kept; readonly alt: string }) {
  const [objects, setObjects] = useState<readonly TrackedObject[]>([]);
  return (
    <span class="kept-picture">
      <img src={pictureAddress(picture.id)} alt={alt} loading="lazy" onLoad={() => void objectsOf(picture).then(setObjects)} />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {objects.map(({ track, box }) => (
          <BoxLines key={track} box={box} colour={trackColour(track)} />
        ))}
      </svg>
      {objects.map((object) => (
        <Label key={object.track} object={object} />
      ))}
    </span>
  );
}

/** The number of the track, above its box where there is room: more would hide what it names on a picture of this size. */
function Label({ object: { track, label, box } }: { readonly object: TrackedObject }) {
  const [x, y] = box;
  return (
    <span
      class="kept-label number"
      title={label}
      data-inside={y < LABEL_HEIGHT}
      style={{ left: `${100 * x}%`, top: `${100 * y}%`, '--track': trackColour(track) }}
    >
      {trackNumber(track)}
    </span>
  );
}

/** Drawn twice, dark under coloured, so that it can be seen on any picture. */
function BoxLines({ box: [x, y, width, height], colour }: { readonly box: Box; readonly colour: string }) {
  return (
    <>
      <rect class="under" {...{ x, y, width, height }} />
      <rect {...{ x, y, width, height }} stroke={colour} />
    </>
  );
}

/** What the record of the picture's own frame has seen; nothing when there is none any more: boxes of another frame would lie beside. */
async function objectsOf({ camera, time }: Kept): Promise<readonly TrackedObject[]> {
  const query = new URLSearchParams({ camera, from: String(time), limit: String(AT_ONE_TIME) });
  const answer = await fetch(`/api/topics/tracks?${query}`).catch(() => undefined);
  const lines = answer?.ok ? (await answer.text()).split('\n').filter(Boolean) : [];
  const own = lines.map((line) => JSON.parse(line) as StreamRecord).find((record) => record.type === 'tracks' && record.time === time);
  return own === undefined ? [] : seenObjects(own as TracksRecord).filter(({ state }) => state === 'confirmed');
}
