import { describe, expect, it } from 'vitest';
import { type AlertRecord, alertRecord, type StreamRecord } from '../../../engine/records/record.ts';
import { replay } from '../../../engine/runtime/keyed/replay.ts';
import { createAlertsOperator } from '../../../operators/alerts/index.ts';
import { frame, gap, mark, START_MS } from '../../records.ts';

async function* lines(records: readonly StreamRecord[]) {
  for (const record of records) yield JSON.stringify(record);
}

async function alertsOf(records: readonly StreamRecord[]): Promise<AlertRecord[]> {
  const emitted = await Array.fromAsync(replay(lines(records), 'detections', [createAlertsOperator()]));
  return emitted.map(({ record }) => alertRecord.parse(record));
}

const summary = ({ kind, state, alert }: AlertRecord) => `${kind} ${state} ${alert}`;

/** A minute of 100 places from `from` on, of which `lost` were not looked at. */
function minute(index: number, lost: number): StreamRecord[] {
  const [from, time] = [1 + index * 100, START_MS + index * 60_000];
  const frames = Array.from({ length: 100 - lost }, (_, offset) => frame(from + lost + offset, [], { time: time + 1000 + offset }));
  return lost === 0 ? frames : [gap(from, from + lost - 1, 'overload', { time, until: time + 500 }), ...frames];
}

describe('a camera that goes down', () => {
  it('opens an alert with the cause and the sentence of the mark', async () => {
    const down = mark('down', 2, { cause: 'refused', detail: 'the camera refuses the connection' });
    expect(await alertsOf([mark('up', 0), frame(1), down])).toMatchObject([
      {
        id: 'dock-1/1/2/0',
        kind: 'camera-down',
        state: 'opened',
        cause: 'refused',
        since: down.time,
        sentence: 'the camera refuses the connection',
      },
    ]);
  });

  it('opens it once, however often it is told', async () => {
    const down = { cause: 'refused' };
    expect(await alertsOf([mark('down', 0, down), mark('heartbeat', 1), mark('down', 2, down)])).toHaveLength(1);
  });

  it('updates it when the cause changes', async () => {
    const alerts = await alertsOf([mark('down', 0, { cause: 'refused' }), mark('down', 1, { cause: 'authentication' })]);
    expect(alerts.map(summary)).toEqual(['camera-down opened dock-1/1/0/0', 'camera-down updated dock-1/1/0/0']);
    expect(alerts[1]?.cause).toBe('authentication');
  });

  it('closes it when the next session is up', async () => {
    const alerts = await alertsOf([mark('up', 0), mark('down', 1, { cause: 'timeout' }), mark('up', 0, { session: 2 })]);
    expect(alerts.map(summary)).toEqual(['camera-down opened dock-1/1/1/0', 'camera-down closed dock-1/1/1/0']);
  });

  it('closes it when the camera is removed', async () => {
    expect((await alertsOf([mark('down', 0), mark('end', 1)])).map(({ state }) => state)).toEqual(['opened', 'closed']);
  });

  it('opens a new alert the next time', async () => {
    const again = [mark('up', 0, { session: 2 }), mark('down', 1, { session: 2 })];
    expect((await alertsOf([mark('down', 0), ...again])).map(({ alert }) => alert)).toEqual([
      'dock-1/1/0/0',
      'dock-1/1/0/0',
      'dock-1/2/1/0',
    ]);
  });
});

describe('a camera that loses frames', () => {
  it('opens an alert when more than half of a minute was lost', async () => {
    const alerts = await alertsOf([mark('up', 0), ...minute(0, 51), ...minute(1, 0)]);
    expect(alerts.map(summary)).toEqual(['camera-degraded opened dock-1/1/101/1']);
    expect(alerts[0]?.sentence).toBe('51 of 100 frames of a minute were not looked at.');
  });

  it('opens none at exactly half', async () => {
    expect(await alertsOf([mark('up', 0), ...minute(0, 50), ...minute(1, 0)])).toEqual([]);
  });

  it('closes it when less than a fifth was lost, and not before', async () => {
    const alerts = await alertsOf([mark('up', 0), ...minute(0, 60), ...minute(1, 30), ...minute(2, 10), ...minute(3, 0)]);
    expect(alerts.map(({ state, seq }) => `${state} ${seq}`)).toEqual(['opened 130', 'updated 210', 'closed 301']);
  });

  it('updates it when 20 points more or less are lost than it told, and not for fewer', async () => {
    const minutes = [60, 79, 95, 76, 75, 0].flatMap((lost, index) => minute(index, lost));
    const alerts = await alertsOf([mark('up', 0), ...minutes, ...minute(6, 0)]);
    expect(alerts.map(({ state, sentence }) => `${state}: ${sentence.split(' ')[0]}`)).toEqual([
      'opened: 60',
      'updated: 95',
      'updated: 75',
      'closed: 0',
    ]);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(1);
  });

  it('goes on with an alert that a version before opened, which did not keep what it told', () => {
    const degraded = { id: 'dock-1/1/101/1', since: START_MS };
    const old = { down: null, degraded, minute: 7, looked: 5, lost: 95 };
    const operator = createAlertsOperator();
    expect([operator.stateVersion, operator.upgrade?.(old, 1)]).toEqual([2, { ...old, toldPercent: 50 }]);
  });

  it('takes no offence at frames that were left out on purpose', async () => {
    const still = minute(0, 60).map((record) => (record.type === 'gap' ? { ...record, reason: 'still' as const } : record));
    expect(await alertsOf([mark('up', 0), ...still, ...minute(1, 0)])).toEqual([]);
  });
});
