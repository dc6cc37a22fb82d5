import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sessions } from '../../engine/state/sessions.ts';

/** Sessions under test, and what the suite must be able to do to them. */
export interface SessionsHarness {
  readonly sessions: Sessions;
  /** Opens the same store anew, as after a restart. The old one is closed. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const NOW_MS = 1_766_400_000_000;
const NOW_S = 1_766_400_000;

/** What every giver of sessions promises, whatever it is made of. */
export function sessionsSuite(name: string, open: () => Promise<SessionsHarness>): void {
  describe(`sessions on ${name}`, () => {
    let harness: SessionsHarness;

    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const beginLive = (nowMs: number, camera = 'dock-1') => harness.sessions.beginLive(camera, nowMs);
    const beginRecording = (fingerprint: string, camera = 'line-a') => harness.sessions.beginRecording(camera, fingerprint);

    describe('of a live camera', () => {
      it('are numbered by the seconds since 1970', async () => {
        expect(await beginLive(NOW_MS + 999)).toBe(NOW_S);
        expect(await beginLive(NOW_MS + 5_000)).toBe(NOW_S + 5);
      });

      it('rise when several begin in one second, or the clock goes back', async () => {
        expect(await beginLive(NOW_MS)).toBe(NOW_S);
        expect(await beginLive(NOW_MS)).toBe(NOW_S + 1);
        expect(await beginLive(NOW_MS - 3_600_000)).toBe(NOW_S + 2);
      });

      it('are kept when the store is opened again', async () => {
        await beginLive(NOW_MS);
        await harness.reopen();
        expect(await beginLive(NOW_MS - 1)).toBe(NOW_S + 1);
      });

      it('differ when asked for at once', async () => {
        const given = await Promise.all(Array.from({ length: 10 }, () => beginLive(NOW_MS)));
        expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => NOW_S + index));
      });

      it('are counted per camera', async () => {
        expect(await beginLive(NOW_MS, 'dock-1')).toBe(NOW_S);
        expect(await beginLive(NOW_MS, 'dock-2')).toBe(NOW_S);
      });
    });

    describe('of a recording', () => {
      it('are numbered from 1 and stay the same, also when the store is opened again', async () => {
        expect(await beginRecording('sha-a')).toEqual({ session: 1, ended: false, resumed: false });
        await harness.reopen();
        expect(await beginRecording('sha-a')).toEqual({ session: 1, ended: false, resumed: false });
      });

      it('stay ended', async () => {
        await beginRecording('sha-a');
        await harness.sessions.endRecording('line-a', 1);
        expect(await beginRecording('sha-a')).toEqual({ session: 1, ended: true, resumed: false });
        await harness.reopen();
        expect(await beginRecording('sha-a')).toEqual({ session: 1, ended: true, resumed: false });
      });

      it('go on in a new session when they were closed before their end, however often they are asked for', async () => {
        await beginRecording('sha-a');
        await harness.sessions.closeRecording('line-a', 1);
        expect(await beginRecording('sha-a')).toEqual({ session: 2, ended: false, resumed: true });
        await harness.reopen();
        expect(await beginRecording('sha-a')).toEqual({ session: 2, ended: false, resumed: true });
        await harness.sessions.closeRecording('line-a', 2);
        expect(await beginRecording('sha-a')).toEqual({ session: 3, ended: false, resumed: true });
        await harness.sessions.endRecording('line-a', 3);
        expect(await beginRecording('sha-a')).toEqual({ session: 3, ended: true, resumed: false });
      });

      it('stay closed when their end is noted late, and ended when they are closed late', async () => {
        await beginRecording('sha-a');
        await harness.sessions.closeRecording('line-a', 1);
        await harness.sessions.endRecording('line-a', 1);
        expect(await beginRecording('sha-a')).toEqual({ session: 2, ended: false, resumed: true });
        await harness.sessions.endRecording('line-a', 2);
        await harness.sessions.closeRecording('line-a', 2);
        expect(await beginRecording('sha-a')).toEqual({ session: 2, ended: true, resumed: false });
      });

      it('begin anew when the file changed, ended, closed or not', async () => {
        await beginRecording('sha-a');
        expect(await beginRecording('sha-b')).toEqual({ session: 2, ended: false, resumed: false });
        await harness.sessions.endRecording('line-a', 2);
        expect(await beginRecording('sha-a')).toEqual({ session: 3, ended: false, resumed: false });
        await harness.sessions.closeRecording('line-a', 3);
        expect(await beginRecording('sha-b')).toEqual({ session: 4, ended: false, resumed: false });
      });

      it('are not ended by the end of an earlier one', async () => {
        await beginRecording('sha-a');
        await beginRecording('sha-b');
        await harness.sessions.endRecording('line-a', 1);
        expect(await beginRecording('sha-b')).toEqual({ session: 2, ended: false, resumed: false });
      });
    });

    it('rise when a camera turns from a recording into a live one and back', async () => {
      expect(await beginRecording('sha-a', 'dock-1')).toEqual({ session: 1, ended: false, resumed: false });
      expect(await beginLive(NOW_MS)).toBe(NOW_S);
      expect(await beginRecording('sha-a', 'dock-1')).toEqual({ session: NOW_S + 1, ended: false, resumed: false });
      expect(await beginLive(NOW_MS)).toBe(NOW_S + 2);
    });
  });
}
