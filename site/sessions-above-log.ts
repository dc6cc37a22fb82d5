import { OcelliError } from '../engine/errors.ts';
import type { Progress } from '../engine/records/place-rule.ts';
import type { RecordingSessionStart, Sessions } from '../engine/state/index.ts';

/**
 * Sessions of one camera that never lie below what is recorded of it, also when the store went back in time: readers drop what is not
 * above the last place, so records of an older session would vanish in silence. A live camera begins above; a recording cannot, since its
 * session says which of its frames are known.
 */
export function sessionsAboveLog(sessions: Sessions, recorded: () => Pick<Progress, 'session'> | undefined): Sessions {
  return {
    beginLive: async (camera, nowMs) => {
      const session = await sessions.beginLive(camera, nowMs);
      const last = recorded()?.session ?? 0;
      return session > last ? session : sessions.beginLive(camera, (last + 1) * 1_000);
    },
    beginRecording: async (camera, fingerprint) => checked(await sessions.beginRecording(camera, fingerprint), camera, recorded()),
    endRecording: (camera, session) => sessions.endRecording(camera, session),
    closeRecording: (camera, session) => sessions.closeRecording(camera, session),
  };
}

function checked(start: RecordingSessionStart, camera: string, recorded: Pick<Progress, 'session'> | undefined): RecordingSessionStart {
  if (recorded === undefined || start.session >= recorded.session) return start;
  throw new OcelliError(
    'STATE_LOST',
    `Camera ${camera} is recorded up to session ${recorded.session}, and the state gave it session ${start.session}: it was emptied, or went back in time. Restore the state from a newer backup, or give the recording another id.`,
    { camera, session: start.session, recorded: recorded.session },
  );
}
