import type { Emitter, KeyedOperator } from '../../engine/contract/operator.ts';
import { lastPlace, recordId } from '../../engine/records/place.ts';
import type { AlertRecord, StreamRecord } from '../../engine/records/record.ts';
import {
  applyMark,
  type CameraHealth,
  type Change,
  countFrames,
  newCameraHealth,
  type OpenAlert,
  upgradeCameraHealth,
} from './camera-health.ts';

/** Each kind has a number of its own in ids, since one record may change two alerts. */
const NUMBER: Readonly<Record<AlertRecord['kind'], number>> = { 'camera-down': 0, 'camera-degraded': 1 };

/** Alerts as a keyed operator: opens, updates and closes what a person should know about a camera, from its own account alone. */
export function createAlertsOperator(): KeyedOperator<CameraHealth, 'detections', 'alerts'> {
  return {
    name: 'alerts',
    stateVersion: 2,
    consumes: 'detections',
    emits: ['alerts'],
    initial: newCameraHealth,
    upgrade: (old) => upgradeCameraHealth(old as CameraHealth),
    process(record, health, out) {
      for (const change of changesBy(record, health)) emit(change, record, health, out);
    },
  };
}

function changesBy(record: StreamRecord, health: CameraHealth): Change[] {
  if (record.type === 'mark') return applyMark(health, record);
  if (record.type === 'gap') return countFrames(health, record.time, record.to - record.from + 1, record.reason);
  return countFrames(health, record.time, 1);
}

function emit({ kind, state, sentence, cause }: Change, record: StreamRecord, health: CameraHealth, out: Emitter<'alerts'>): void {
  const place = lastPlace(record);
  const id = recordId(record.camera, place, NUMBER[kind]);
  const open = openAlert(health, kind) ?? { id, since: record.time };
  const told = cause === undefined ? {} : { cause };
  setAlert(health, kind, state === 'closed' ? null : { ...open, ...told });
  const { camera, time } = record;
  out.emit('alerts', {
    v: 1,
    type: 'alert',
    id,
    camera,
    ...place,
    time,
    alert: open.id,
    kind,
    state,
    since: open.since,
    ...told,
    sentence,
  });
}

function openAlert(health: CameraHealth, kind: AlertRecord['kind']): OpenAlert | null {
  return kind === 'camera-down' ? health.down : health.degraded;
}

function setAlert(health: CameraHealth, kind: AlertRecord['kind'], alert: OpenAlert | null): void {
  if (kind === 'camera-down') health.down = alert;
  else health.degraded = alert;
}
