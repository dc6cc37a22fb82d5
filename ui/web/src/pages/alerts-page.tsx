import { useApp } from '../app-context.ts';
import { type Alert, openAlerts } from '../live/alert-list.ts';
import { useStore } from '../live/store.ts';
import { cameraLink } from '../route.ts';
import { useNow } from '../use-now.ts';
import { alertWords, durationWords, momentWords, sentence, sinceWords } from '../words.ts';

/** What a person should know: what is wrong now, then what was. */
export function AlertsPage() {
  const { alerts } = useApp();
  const all = useStore(alerts.alerts);
  const open = openAlerts(all);
  const closed = all.filter(({ state }) => state === 'closed');
  useNow(1000);
  return (
    <div class="page">
      <h1>{open.length === 0 ? 'Nothing needs you' : `${open.length} open`}</h1>
      {open.length === 0 && <p class="quiet">No alert is open.</p>}
      <AlertRows alerts={open} />
      {closed.length > 0 && (
        <section>
          <h2>Closed, last seven days</h2>
          <AlertRows alerts={closed} />
        </section>
      )}
    </div>
  );
}

function AlertRows({ alerts }: { readonly alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <ul class="alerts">
      {alerts.map((alert) => (
        <AlertRow key={alert.alert} alert={alert} />
      ))}
    </ul>
  );
}

function AlertRow({ alert }: { readonly alert: Alert }) {
  const { connection } = useApp();
  const { kind, state, camera, since, time, cause } = alert;
  const now = connection.clock.at(performance.now()) ?? Date.now();
  return (
    <li class="alert" data-kind={kind} data-state={state}>
      <span class="alert-kind">{alertWords(alert)}</span>
      <a href={cameraLink(camera, since)}>
        <bdi>{camera}</bdi>
      </a>
      <span class="alert-sentence">
        {sentence(alert.problem)} {cause !== undefined && <small class="quiet">{cause}</small>}
      </span>
      <time class="number quiet" title={momentWords(since)}>
        {state === 'closed' ? `${momentWords(since)} · ${durationWords(time - since)}` : sinceWords(since, now)}
      </time>
    </li>
  );
}
