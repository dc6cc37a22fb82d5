import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnector, type Recorded } from '../../connectors/index.ts';
import { SqliteLog } from '../../engine/log/index.ts';
import { checkAccount } from '../../engine/records/account.ts';
import { Database } from '../../engine/sqlite/index.ts';
import { type Sessions, SqliteSessions } from '../../engine/state/index.ts';
import { readRecordedOf } from '../../site/recorded.ts';
import { RememberingSink } from '../../site/remembering-sink.ts';
import { makeClip } from '../connectors/clips.ts';
import { camera, parts } from '../connectors/parts.ts';
import { Recorder, recordOf } from '../connectors/recorder.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function openDatabase(): Database {
  const database = new Database(join(temporaryFolder(), 'ocelli.db'));
  onTestFinished(() => database.close());
  return database;
}

interface Recording {
  readonly url: string;
  readonly sessions: Sessions;
  readonly recorder: Recorder;
}

function recording(): Recording {
  const url = pathToFileURL(makeClip(temporaryFolder(), 'clip.mp4', { fps: 10, seconds: 2 })).href;
  return { url, sessions: new SqliteSessions(openDatabase()), recorder: new Recorder() };
}

/** Watches the recording until something holds, then disables it. @returns how far its records reach. */
async function watch({ url, sessions, recorder }: Recording, known: Recorded | undefined, until: (recorder: Recorder) => boolean) {
  const sink = new RememberingSink(recorder, known);
  const given = parts(recorder, { sink, sessions, recorded: () => known });
  const connector = createConnector(camera(url), given);
  connector.start();
  await recorder.until(until);
  await connector.stop('disabled');
  return sink.recorded as Recorded;
}

const hasFrames = (count: number) => (recorder: Recorder) => recorder.frames.length >= count;
const hasEnds = (count: number) => (recorder: Recorder) => recorder.marksOf('end').length >= count;

/** What the log of a site with these records knows of the recording at its next start. */
async function afterRestart(recorder: Recorder): Promise<Recorded | undefined> {
  const log = await SqliteLog.open(openDatabase());
  onTestFinished(() => log.close());
  await log.append('detections', 0, recorder.items.map(recordOf));
  return (await readRecordedOf(log, new Map([['cam', true]]))).get('cam');
}

describe('a recording that is disabled and enabled again', () => {
  it('goes on where it was, in a new session, with every frame once and at its own time', async () => {
    const one = recording();
    const { recorder } = one;
    const first = await watch(one, undefined, hasFrames(5));
    const seen = recorder.frames.length;
    const second = await watch(one, first, hasFrames(seen + 5));
    await watch(one, second, hasEnds(3));
    expect(recorder.frames.map(({ time }) => time)).toEqual(Array.from({ length: 20 }, (_, frame) => frame * 100));
    expect(recorder.marksOf('end').map(({ session, detail }) => [session, detail])).toEqual([
      [1, 'the camera was disabled'],
      [2, 'the camera was disabled'],
      [3, 'the recording was read to its end'],
    ]);
    expect(recorder.marksOf('up')[1]).toMatchObject({ session: 2, start: 0, since: recorder.marksOf('end')[0]?.since });
    expect(checkAccount(recorder.items.map(recordOf), { topic: 'detections' }).breaches).toEqual([]);
  });

  it('goes on there also after a restart, whether it was enabled before or after it', async () => {
    const one = recording();
    const { recorder } = one;
    await watch(one, undefined, hasFrames(5));
    await watch(one, await afterRestart(recorder), hasFrames(recorder.frames.length + 5));
    await watch(one, await afterRestart(recorder), hasEnds(3));
    expect(recorder.frames.map(({ time }) => time)).toEqual(Array.from({ length: 20 }, (_, frame) => frame * 100));
    expect(recorder.breaches).toEqual([]);
  });

  it('is not read again when it had been read to its end', async () => {
    const one = recording();
    const { recorder } = one;
    const known = await watch(one, undefined, hasEnds(1));
    await one.sessions.endRecording('cam', 1);
    const told = recorder.items.length;
    await watch(one, known, () => true);
    expect(recorder.items).toHaveLength(told);
  });
});
