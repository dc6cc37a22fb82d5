import { leaseLost } from '../lease-lost.ts';
import type { RecordingSessionStart, Sessions } from '../sessions.ts';
import type { Argument } from './client.ts';
import type { RedisParts } from './redis-parts.ts';
import { type Answer, Script } from './script.ts';

const BEGIN_LIVE = new Script('begin-live-2');
const BEGIN_RECORDING = new Script('begin-recording-2');
const FINISH_RECORDING = new Script('finish-recording-2');
const NO_LEASE = '';

/** The sessions of the distributed deployment: one hash a camera. See `Sessions`. */
export class RedisSessions implements Sessions {
  private readonly parts: RedisParts;
  private readonly lease: string;

  /** @param lease token of a camera's lease: numbers are given out only as long as it is held (else LEASE_LOST) */
  constructor(parts: RedisParts, lease = NO_LEASE) {
    this.parts = parts;
    this.lease = lease;
  }

  /** Sent again after a lost answer it gives the next number; the one that nobody heard of is never used. */
  async beginLive(camera: string, nowMs: number): Promise<number> {
    const [, session] = await this.run(BEGIN_LIVE, camera, [Math.floor(nowMs / 1_000)]);
    return Number(session);
  }

  async beginRecording(camera: string, fingerprint: string): Promise<RecordingSessionStart> {
    const [, session, state] = await this.run(BEGIN_RECORDING, camera, [fingerprint]);
    return { session: Number(session), ended: state === 'ended', resumed: state === 'resumed' };
  }

  async endRecording(camera: string, session: number): Promise<void> {
    await this.run(FINISH_RECORDING, camera, [session, 'ended']);
  }

  async closeRecording(camera: string, session: number): Promise<void> {
    await this.run(FINISH_RECORDING, camera, [session, 'closed']);
  }

  private run(script: Script, camera: string, args: readonly Argument[]): Promise<Answer> {
    const { connection, layout, keys } = this.parts;
    return connection.run(async (client) => {
      await layout.verify(client);
      const answer = await script.run(client, [keys.sessions(camera), keys.lease(camera)], [...args, this.lease]);
      if (answer[0] === 'lost') throw leaseLost(camera);
      return answer;
    });
  }
}
