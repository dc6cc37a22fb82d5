import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lease, Leases } from '../../engine/state/leases.ts';

/** Leases under test as two members see them, and what the suite must be able to do. */
export interface LeasesHarness {
  readonly here: Leases;
  readonly there: Leases;
  /** Lets so much time pass for what is kept. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const TTL_MS = 15_000;
const NOW_MS = 1_766_400_000_000;
const NOW_S = 1_766_400_000;

/** What all leases promise. The harness names its members `here` and `there`. */
export function leasesSuite(name: string, open: () => Promise<LeasesHarness>): void {
  describe(`leases on ${name}`, () => {
    let harness: LeasesHarness;
    let here: Leases;
    let there: Leases;

    beforeEach(async () => {
      harness = await open();
      ({ here, there } = harness);
    });
    afterEach(() => harness.close());

    const taken = async (leases: Leases, camera = 'dock-1'): Promise<Lease> => {
      const lease = await leases.acquire(camera, TTL_MS);
      if (lease === undefined) throw new Error(`The lease of ${camera} is held by somebody else.`);
      return lease;
    };

    it('have one holder', async () => {
      await taken(here);
      expect(await there.acquire('dock-1', TTL_MS)).toBeUndefined();
      expect(await here.acquire('dock-1', TTL_MS)).toBeUndefined();
      await taken(there, 'dock-2');
    });

    it('have one holder when several ask at once', async () => {
      const asked = await Promise.all(Array.from({ length: 8 }, (_, index) => (index % 2 ? here : there).acquire('dock-1', TTL_MS)));
      expect(asked.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('tell who holds them', async () => {
      await taken(here);
      await taken(there, 'warden');
      expect(await here.list(['dock-1', 'dock-2', 'warden'])).toEqual(
        new Map([
          ['dock-1', 'here'],
          ['warden', 'there'],
        ]),
      );
      expect(await here.list([])).toEqual(new Map());
    });

    it('are free when they were given back', async () => {
      await (await taken(here)).release();
      expect(await here.list(['dock-1'])).toEqual(new Map());
      await taken(there);
    });

    it('are free when they were not renewed in their time', async () => {
      await taken(here);
      await harness.pass(TTL_MS - 1_000);
      expect(await there.acquire('dock-1', TTL_MS)).toBeUndefined();
      await harness.pass(1_000);
      await taken(there);
    });

    it('last on when they are renewed', async () => {
      const lease = await taken(here);
      for (let renewal = 0; renewal < 3; renewal++) {
        await harness.pass(TTL_MS - 1_000);
        expect(await lease.renew()).toBe(true);
      }
      expect(await there.acquire('dock-1', TTL_MS)).toBeUndefined();
    });

    it('cannot be renewed or given back once they are lost', async () => {
      const lost = await taken(here);
      await harness.pass(TTL_MS);
      expect(await lost.renew()).toBe(false);
      const lease = await taken(there);
      expect(await lost.renew()).toBe(false);
      await lost.release();
      expect(await here.list(['dock-1'])).toEqual(new Map([['dock-1', 'there']]));
      expect(await lease.renew()).toBe(true);
    });

    it('give sessions to their holder only, so that a superseded one never has the newest', async () => {
      const lost = await taken(here);
      expect(await lost.sessions.beginLive('dock-1', NOW_MS)).toBe(NOW_S);
      await harness.pass(TTL_MS);
      await expect(lost.sessions.beginLive('dock-1', NOW_MS + 60_000)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      const { sessions } = await taken(there);
      await expect(lost.sessions.beginLive('dock-1', NOW_MS + 60_000)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await sessions.beginLive('dock-1', NOW_MS)).toBe(NOW_S + 1);
    });

    it('give a recording to their holder only', async () => {
      const lost = await taken(here);
      expect(await lost.sessions.beginRecording('dock-1', 'sha-a')).toMatchObject({ session: 1, ended: false });
      await lost.release();
      const { sessions } = await taken(there);
      await expect(lost.sessions.endRecording('dock-1', 1)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await expect(lost.sessions.closeRecording('dock-1', 1)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      await expect(lost.sessions.beginRecording('dock-1', 'sha-b')).rejects.toMatchObject({ code: 'LEASE_LOST' });
      expect(await sessions.beginRecording('dock-1', 'sha-a')).toMatchObject({ session: 1, ended: false });
    });

    it('keep the last event time for whoever comes next; it never falls', async () => {
      const lease = await taken(here);
      expect(lease.lastTime).toBeUndefined();
      await lease.renew(NOW_MS);
      await lease.renew(NOW_MS - 5);
      await lease.renew();
      await harness.pass(TTL_MS);
      expect((await taken(there)).lastTime).toBe(NOW_MS);
      expect((await taken(there, 'dock-2')).lastTime).toBeUndefined();
    });

    it('tell the same time to all', async () => {
      const earlier = await here.nowMs();
      const between = await there.nowMs();
      expect(Number.isInteger(between)).toBe(true);
      expect(between).toBeGreaterThanOrEqual(earlier);
      expect(await here.nowMs()).toBeGreaterThanOrEqual(between);
    });

    it('tell who is there, as long as they say so', async () => {
      expect(await here.members()).toEqual(new Map());
      await here.announce({ roles: 'connect' }, TTL_MS);
      await there.announce({ roles: 'detect' }, TTL_MS / 2);
      expect(await here.members()).toEqual(
        new Map([
          ['here', { roles: 'connect' }],
          ['there', { roles: 'detect' }],
        ]),
      );
      await harness.pass(TTL_MS / 2);
      expect(await there.members()).toEqual(new Map([['here', { roles: 'connect' }]]));
      await here.leave();
      expect(await there.members()).toEqual(new Map());
    });
  });
}
