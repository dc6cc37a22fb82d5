import { useEffect, useState } from 'preact/hooks';
import type { StreamRecord, TracksRecord } from '../../../../engine/records/record.ts';
import { useApp } from '../app-context.ts';
import { useStore } from '../live/use-store.ts';
import { cameraLink } from '../route.ts';
import { seenObjects } from '../seen-objects.ts';
import { alertAt } from '../time-scale.ts';
import { alertWords, markSentence, momentWords, reasonWords, sentence } from '../words.ts';
import { AlertPicture } from './alert-entry.tsx';
import { CopyRecord } from './copy-record.tsx';

/** A moment of a camera that a link or the time line leads to: what its record says, and which alert was open then. */
export function Moment({ camera, at }: { readonly camera: string; readonly at: number }) {
  const { alerts } = useApp();
  const alert = alertAt(useStore(alerts.alerts), camera, at);
  const record = useRecordAt(camera, at);
  return (
    <section class="moment" aria-label={`${camera} at ${momentWords(at)}`}>
      <header>
        <h2 class="number">{momentWords(at)}</h2>
        <a class="link-button" href={cameraLink(camera)}>
          Back to now
        </a>
      </header>
      {alert !== undefined && (
        <p class="moment-alert" data-kind={alert.kind} data-state={alert.state}>
          <span class="alert-kind">{alertWords({ ...alert, state: 'opened' })}</span> {sentence(alert.problem)}
        </p>
      )}
      <p>{record === 'asking' ? 'Asking …' : recordWords(record)}</p>
      {alert !== undefined && <AlertPicture alert={alert} />}
      {typeof record === 'object' && <CopyRecord record={() => record} label="Copy the record of this moment" />}
    </section>
  );
}

/** The first record of the camera at or after a moment, from the log. */
function useRecordAt(camera: string, at: number): StreamRecord | 'asking' | undefined {
  const [found, setFound] = useState<StreamRecord | 'asking' | undefined>('asking');
  useEffect(() => {
    const abort = new AbortController();
    const ask = async () => {
      const query = new URLSearchParams({ camera, from: String(Math.round(at)), limit: '1' });
      const answer = await fetch(`/api/topics/tracks?${query}`, { signal: abort.signal }).catch(() => undefined);
      const text = answer?.ok ? (await answer.text()).trim() : '';
      if (!abort.signal.aborted) setFound(text === '' ? undefined : (JSON.parse(text) as StreamRecord));
    };
    // While a moment is being chosen, only the one where the pointer rests is asked for.
    const timer = setTimeout(() => void ask(), 120);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [camera, at]);
  return found;
}

function recordWords(record: StreamRecord | undefined): string {
  if (record === undefined) return 'The log has no record of this moment any more.';
  if (record.type === 'mark') return record.mark === 'heartbeat' ? 'There was no picture.' : markSentence(record);
  if (record.type === 'gap') return `Frames were not looked at: ${reasonWords(record.reason)}.`;
  return countsWords(seenObjects(record as TracksRecord).map(({ label }) => label));
}

/** "Seen: 3 parcel, 2 tote." */
function countsWords(labels: readonly string[]): string {
  const counts = [...Map.groupBy(labels, (label) => label)].map(([label, all]) => `${all.length} ${label}`);
  return counts.length === 0 ? 'Nothing was seen that the model knows.' : `Seen: ${counts.sort().join(', ')}.`;
}
