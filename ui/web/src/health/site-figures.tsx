import type { HealthAnswer, LogFacts, PictureFacts } from '../../../health.ts';
import { bytesWords, countWords, durationWords } from '../words.ts';

/** The figures of the whole site. */
export function SiteFigures({ health }: { readonly health: HealthAnswer }) {
  const { log, pictures, memory, eventLoop, workers, viewers, uptimeMs } = health;
  return (
    <dl class="figures">
      <Figure name="Log" value={bytesWords(log.bytes)} note={forecast(log)} />
      <Figure name="Kept pictures" value={countWords(pictures.count)} note={pictureLimits(pictures)} />
      <Figure name="Memory" value={bytesWords(memory.rssBytes)} note={`${bytesWords(memory.viewBytes)} of pictures`} />
      <Figure name="Event loop late" value={`${eventLoop.p99} ms`} note={`p99; at most ${eventLoop.max} ms`} />
      <Figure name="Inference workers" value={String(workers)} note={viewers === 1 ? 'one viewer' : `${viewers} viewers`} />
      <Figure name="Running for" value={durationWords(uptimeMs)} />
    </dl>
  );
}

function Figure({ name, value, note }: { readonly name: string; readonly value: string; readonly note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="number">{value}</dd>
      {note !== undefined && <dd class="quiet">{note}</dd>}
    </div>
  );
}

function forecast({ limitBytes, hoursToLimit, bytesAnHour }: LogFacts): string {
  const limit = bytesWords(limitBytes);
  if (bytesAnHour === undefined) return `of ${limit}; growth is being measured`;
  return hoursToLimit === undefined ? `of ${limit}; it does not grow` : `of ${limit}, full in ${durationWords(hoursToLimit * 3_600_000)}`;
}

function pictureLimits({ bytes, limitBytes, limitMs }: PictureFacts): string {
  return `${bytesWords(bytes)} of ${bytesWords(limitBytes)}, for ${durationWords(limitMs)}`;
}
