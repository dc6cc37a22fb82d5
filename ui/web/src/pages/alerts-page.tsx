import { useApp } from '../app-context.ts';
import { type Alert, openAlerts } from '../live/alert-list.ts';
import { useStore } from '../live/use-store.ts';
import { AlertEntry } from '../parts/alert-entry.tsx';
import { useNow } from '../use-now.ts';

/** What a person should know: what is wrong now, then what was. */
export function AlertsPage() {
  const { alerts } = useApp();
  const all = useStore(alerts.alerts);
  const open = openAlerts(all);
  const closed = all.filter(({ state }) => state === 'closed');
  return (
    <div class="page alerts-page">
      <h1>{open.length === 0 ? 'Nothing needs you' : open.length === 1 ? 'One thing needs you' : `${open.length} things need you`}</h1>
      {open.length === 0 && (
        <p class="quiet">Every camera is seen. When one goes blind or loses frames, it is told here and beside the wall.</p>
      )}
      <Entries alerts={open} />
      {closed.length > 0 && (
        <section>
          <h2>Over, last seven days</h2>
          <Entries alerts={closed} />
        </section>
      )}
    </div>
  );
}

function Entries({ alerts }: { readonly alerts: readonly Alert[] }) {
  const { live } = useApp();
  useNow(1000);
  const now = live.now;
  if (alerts.length === 0) return null;
  return (
    <ul class="alerts">
      {alerts.map((alert) => (
        <AlertEntry key={alert.alert} alert={alert} now={now} withPicture={true} />
      ))}
    </ul>
  );
}
