import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../engine/sqlite/index.ts';
import { SqliteSessions } from '../../engine/state/index.ts';
import { sessionsAboveLog } from '../../site/sessions-above-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const NOW_MS = 1_766_400_000_000;
const NOW_S = 1_766_400_000;

/** A store that has never heard of the camera, as one that was restored from before its time. */
function sessionsBehind(recorded: number | undefined) {
  const database = new Database(join(temporaryFolder(), 'ocelli.db'));
  onTestFinished(() => database.close());
  const stored = new SqliteSessions(database);
  return { stored, sessions: sessionsAboveLog(stored, () => (recorded === undefined ? undefined : { session: recorded })) };
}

describe('sessions of a store that went back in time', () => {
  it('begin above what is recorded of a live camera, and stay above in the store', async () => {
    const { sessions, stored } = sessionsBehind(NOW_S + 20);
    expect(await sessions.beginLive('dock-1', NOW_MS)).toBe(NOW_S + 21);
    expect(await stored.beginLive('dock-1', NOW_MS)).toBe(NOW_S + 22);
  });

  it('are refused for a recording, whose session says what is known of it', async () => {
    const { sessions } = sessionsBehind(3);
    await expect(sessions.beginRecording('line-a', 'sha-a')).rejects.toMatchObject({
      code: 'STATE_LOST',
      message:
        'Camera line-a is recorded up to session 3, and the state gave it session 1: it was emptied, or went back in time. Restore the state from a newer backup, or give the recording another id.',
    });
  });

  it('are as they are when nothing is wrong', async () => {
    const { sessions } = sessionsBehind(1);
    expect(await sessions.beginRecording('line-a', 'sha-a')).toMatchObject({ session: 1 });
    expect(await sessionsBehind(undefined).sessions.beginLive('dock-1', NOW_MS)).toBe(NOW_S);
  });
});
