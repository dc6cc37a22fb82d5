import type { AlertRecord } from '../../../../engine/records/record.ts';
import { Store } from './store.ts';

/** An alert by its newest record, with the newest sentence that said what is wrong: the last record of a closed one says what is right. */
export interface Alert extends AlertRecord {
  readonly problem: string;
}

const WEEK_MS = 7 * 24 * 3_600_000;
const MOST = 500;
/** A closed alert stays in sight for so long: somebody may have looked away. */
const CLOSED_FOR_MS = 10 * 60_000;

/** Every alert of the last week by its newest record, the newest first. */
export class AlertList {
  readonly alerts = new Store<readonly Alert[]>([]);

  take(record: AlertRecord): void {
    this.takeAll([record]);
  }

  /** Reads what is kept; called at each connection, so that nothing of a time without one is missed. */
  async load(nowMs: number): Promise<void> {
    const answer = await fetch(`/api/topics/alerts?from=${Math.max(0, Math.round(nowMs - WEEK_MS))}`).catch(() => undefined);
    if (!answer?.ok) return;
    const lines = (await answer.text()).split('\n').filter(Boolean);
    this.takeAll(lines.map((line) => JSON.parse(line) as AlertRecord).filter(({ type }) => type === 'alert'));
  }

  private takeAll(records: readonly AlertRecord[]): void {
    const byAlert = new Map(this.alerts.value.map((alert) => [alert.alert, alert]));
    for (const record of records) byAlert.set(record.alert, changed(byAlert.get(record.alert), record));
    this.alerts.set([...byAlert.values()].sort((a, b) => b.since - a.since).slice(0, MOST));
  }
}

/** Records may come twice: from the log, and as they are committed. */
function changed(before: Alert | undefined, record: AlertRecord): Alert {
  if (before !== undefined && before.time > record.time) return before;
  return { ...record, problem: record.state === 'closed' && before !== undefined ? before.problem : record.sentence };
}

export function openAlerts(alerts: readonly Alert[]): Alert[] {
  return alerts.filter(({ state }) => state !== 'closed');
}

/** Open ones, then those that were closed in the last minutes, the latest first. */
export function recentAlerts(alerts: readonly Alert[], now: number): Alert[] {
  const closed = alerts.filter(({ state, time }) => state === 'closed' && now - time < CLOSED_FOR_MS);
  return [...openAlerts(alerts), ...closed.sort((a, b) => b.time - a.time)];
}
