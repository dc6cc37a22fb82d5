import type { TrackedObject, TracksRecord } from '../../../../engine/records/record.ts';
import { trackColour, trackNumber } from '../track-colour.ts';
import { durationWords } from '../words.ts';

const MOST = 12;

/** What is in the picture now, by class, with how long each has been followed. */
export function InPicture({ record }: { readonly record: TracksRecord | undefined }) {
  const seen = (record?.objects ?? []).filter(({ state }) => state === 'confirmed');
  const byLabel = Map.groupBy(seen, ({ label }) => label);
  return (
    <section class="in-picture">
      <h2>In the picture</h2>
      {seen.length === 0 && (
        <p class="quiet">{record === undefined ? 'Not known: there is no picture.' : 'Nothing that the model knows.'}</p>
      )}
      {[...byLabel]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([label, objects]) => (
          <div key={label} class="class-row">
            <span>{label}</span>
            <span class="number">{objects.length}</span>
            <ul class="tracks">
              {objects.slice(0, MOST).map((object) => (
                <TrackChip key={object.track} object={object} now={record?.time ?? 0} />
              ))}
            </ul>
          </div>
        ))}
    </section>
  );
}

function TrackChip({ object, now }: { readonly object: TrackedObject; readonly now: number }) {
  return (
    <li class="number" title={object.track}>
      <i style={{ background: trackColour(object.track) }} />
      {trackNumber(object.track)} <span class="quiet">{durationWords(now - object.since)}</span>
    </li>
  );
}
