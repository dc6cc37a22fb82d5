import { useApp } from '../app-context.ts';
import { type Alert, openAlerts, recentAlerts } from '../live/alert-list.ts';
import { useStore } from '../live/use-store.ts';
import { useNow } from '../use-now.ts';
import { AlertEntry } from './alert-entry.tsx';

const MOST = 12;

/** The alerts beside the wall: open ones first, then those that were closed in the last minutes. Nothing at all while nothing is wrong. */
export function AlertsPanel() {
  const { alerts, alertsPanel, live } = useApp();
  const all = useStore(alerts.alerts);
  const shown = useStore(alertsPanel);
  useNow(1000);
  const now = live.now;
  const entries = recentAlerts(all, now);
  if (!shown || entries.length === 0) return null;
  return (
    <aside class="alerts-panel" aria-label="Alerts">
      <header>
        <h2>{title(entries)}</h2>
        <button type="button" class="link-button" onClick={() => alertsPanel.set(false)}>
          Hide
        </button>
      </header>
      <ul class="alerts" aria-live="polite" aria-relevant="additions">
        {entries.slice(0, MOST).map((alert) => (
          <AlertEntry key={alert.alert} alert={alert} now={now} withPicture={alert.state !== 'closed'} />
        ))}
      </ul>
      {entries.length > MOST && (
        <a class="quiet" href="#/alerts">
          {entries.length - MOST} more
        </a>
      )}
    </aside>
  );
}

function title(entries: readonly Alert[]): string {
  const open = openAlerts(entries).length;
  return open === 0 ? 'All is well again' : `${open} open`;
}
