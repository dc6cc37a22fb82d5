import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ownership, StateStore, TableChange } from '../../engine/state/state-store.ts';

/** A state store under test, and what the suite must be able to do to it. */
export interface StateStoreHarness {
  readonly store: StateStore;
  /** Opens the same store anew, as after a restart. The old one is closed. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const TASK = 'tracks/0';

/** What every state store promises, whatever it is made of. */
export function stateStoreSuite(name: string, open: () => Promise<StateStoreHarness>): void {
  describe(`state store on ${name}`, () => {
    let harness: StateStoreHarness;

    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const acquire = (task = TASK) => harness.store.acquire(task);
    /** What is stored, as a new owner finds it. */
    const stored = async (task = TASK) => {
      const owner = await acquire(task);
      return { position: owner.position, state: await owner.load() };
    };

    it('gives a task that never committed position 0 and no state', async () => {
      expect(await stored()).toEqual({ position: 0, state: new Map() });
    });

    it('keeps what was committed, byte by byte, with its position', async () => {
      const owner = await acquire();
      await owner.commit(0, 17, state({ 'dock-1': [0, 255, 128], 'dock-2': [] }), []);
      expect(await stored()).toEqual({ position: 17, state: state({ 'dock-1': [0, 255, 128], 'dock-2': [] }) });
    });

    it('changes only the keys that are named; null removes one', async () => {
      const owner = await acquire();
      await owner.commit(0, 1, state({ a: [1], b: [2], c: [3] }), []);
      await owner.commit(1, 2, new Map<string, Uint8Array | null>([...state({ a: [9] }), ['b', null], ['never', null]]), []);
      expect(await stored()).toEqual({ position: 2, state: state({ a: [9], c: [3] }) });
    });

    it('moves the position without any change of state', async () => {
      const owner = await acquire();
      await owner.commit(0, 5, new Map(), []);
      expect((await stored()).position).toBe(5);
    });

    it('holds a large value', async () => {
      const value = new Uint8Array(2 ** 20).map((_, index) => index % 251);
      const owner = await acquire();
      await owner.commit(0, 1, new Map([['dock-1', value]]), []);
      expect(Buffer.from((await stored()).state.get('dock-1') ?? []).equals(value)).toBe(true);
    });

    it('keeps everything when it is opened again', async () => {
      const owner = await acquire();
      await owner.commit(0, 3, state({ a: [1] }), [{ table: 'windows', row: 'r', set: { count: 2 } }]);
      await harness.reopen();
      expect(await stored()).toEqual({ position: 3, state: state({ a: [1] }) });
      expect(await harness.store.readTable('windows')).toEqual(new Map([['r', { count: 2 }]]));
    });

    it('keeps tasks apart', async () => {
      const [one, other] = [await acquire('one'), await acquire('other')];
      await one.commit(0, 4, state({ a: [1] }), []);
      await other.commit(0, 7, state({ a: [2] }), []);
      expect(await stored('one')).toEqual({ position: 4, state: state({ a: [1] }) });
      expect(await stored('other')).toEqual({ position: 7, state: state({ a: [2] }) });
    });

    describe('the fence', () => {
      it('refuses a former owner and changes nothing', async () => {
        const former = await acquire();
        await former.commit(0, 1, state({ a: [1] }), []);
        const owner = await acquire();
        const table: TableChange = { table: 'windows', row: 'r', set: { count: 1 } };
        await expect(former.commit(1, 2, state({ a: [2], b: [3] }), [table])).rejects.toMatchObject({ code: 'STATE_STALE_OWNER' });
        expect(owner.position).toBe(1);
        expect(await owner.load()).toEqual(state({ a: [1] }));
        expect(await harness.store.readTable('windows')).toEqual(new Map());
      });

      it('lets the new owner commit, also after the former one tried', async () => {
        const former = await acquire();
        const owner = await acquire();
        await former.commit(0, 9, state({ a: [9] }), []).catch(() => {});
        await owner.commit(0, 1, state({ a: [1] }), []);
        expect(await stored()).toEqual({ position: 1, state: state({ a: [1] }) });
      });

      it('refuses a former owner that loads its state late', async () => {
        const former = await acquire();
        await acquire();
        await expect(former.load()).rejects.toMatchObject({ code: 'STATE_STALE_OWNER' });
      });

      it('refuses an unexpected position and changes nothing', async () => {
        const owner = await acquire();
        await owner.commit(0, 5, state({ a: [1] }), []);
        for (const expected of [0, 4, 6]) {
          await expect(owner.commit(expected, 8, state({ a: [2] }), [])).rejects.toMatchObject({ code: 'STATE_STALE_OWNER' });
        }
        expect(await stored()).toEqual({ position: 5, state: state({ a: [1] }) });
      });

      it('refuses a commit that is sent twice', async () => {
        const owner = await acquire();
        await owner.commit(0, 5, state({}), [{ table: 'windows', row: 'r', add: { count: 1 } }]);
        await expect(owner.commit(0, 5, state({}), [{ table: 'windows', row: 'r', add: { count: 1 } }])).rejects.toMatchObject({
          code: 'STATE_STALE_OWNER',
        });
        expect(await harness.store.readTable('windows')).toEqual(new Map([['r', { count: 1 }]]));
      });

      it('refuses the owner from before a restart', async () => {
        const former = await acquire();
        await former.commit(0, 1, state({ a: [1] }), []);
        await harness.reopen();
        const owner = await acquire();
        expect(owner.epoch).toBeGreaterThan(former.epoch);
        await owner.commit(1, 2, state({ a: [2] }), []);
        expect(await stored()).toEqual({ position: 2, state: state({ a: [2] }) });
      });

      it('leaves one owner when several acquire at once', async () => {
        const owners = await Promise.all(Array.from({ length: 8 }, () => acquire()));
        expect(new Set(owners.map(({ epoch }) => epoch)).size).toBe(8);
        const outcomes = await Promise.allSettled(owners.map((owner, index) => owner.commit(0, 1, state({ a: [index] }), [])));
        const latest = owners.indexOf(highest(owners));
        expect(outcomes.map(({ status }) => status)).toEqual(owners.map((_, index) => (index === latest ? 'fulfilled' : 'rejected')));
        expect(await stored()).toEqual({ position: 1, state: state({ a: [latest] }) });
      });

      it('does not mind what happens to other tasks', async () => {
        const owner = await acquire('one');
        await acquire('other');
        await expect(owner.commit(0, 1, new Map(), [])).resolves.toBeUndefined();
      });
    });

    describe('readable tables', () => {
      const commit = async (...changes: TableChange[]) => {
        const owner = await acquire();
        await owner.commit(owner.position, owner.position + 1, new Map(), changes);
      };
      const rows = () => harness.store.readTable('windows');

      it('are empty before anybody writes', async () => {
        expect(await rows()).toEqual(new Map());
      });

      it('set the named fields of a row and leave the others', async () => {
        await commit({ table: 'windows', row: 'dock-1', set: { label: 'parcel', count: 1 } });
        await commit({ table: 'windows', row: 'dock-1', set: { count: 5, mean: 0.25 } });
        expect(await rows()).toEqual(new Map([['dock-1', { label: 'parcel', count: 5, mean: 0.25 }]]));
      });

      it('add to a field, from 0 where there is none', async () => {
        await commit({ table: 'windows', row: 'dock-1', add: { count: 2, sum: -0.5 } });
        await commit({ table: 'windows', row: 'dock-1', add: { count: 3 } });
        expect(await rows()).toEqual(new Map([['dock-1', { count: 5, sum: -0.5 }]]));
      });

      it('apply the changes of a commit in their order', async () => {
        await commit(
          { table: 'windows', row: 'a', set: { count: 10 } },
          { table: 'windows', row: 'a', add: { count: 1 } },
          { table: 'windows', row: 'b', set: { count: 1 } },
          { table: 'windows', row: 'b', remove: true },
        );
        expect(await rows()).toEqual(new Map([['a', { count: 11 }]]));
      });

      it('remove a row, and do not mind one that is not there', async () => {
        await commit({ table: 'windows', row: 'a', set: { count: 1 } });
        await commit({ table: 'windows', row: 'a', remove: true }, { table: 'windows', row: 'never', remove: true });
        expect(await rows()).toEqual(new Map());
      });

      it('keep tables apart, and take any text as a name', async () => {
        const odd = `it's "a" row; \u2603`;
        await commit(
          { table: 'windows', row: odd, set: { [`label 'x'`]: `"; DROP TABLE tasks` } },
          { table: 'newest', row: odd, set: { count: 1 } },
          { table: 'windows', row: 'other', add: { Parcel: 1, parcel: 2 } },
        );
        expect(await rows()).toEqual(
          new Map<string, object>([
            [odd, { [`label 'x'`]: `"; DROP TABLE tasks` }],
            ['other', { Parcel: 1, parcel: 2 }],
          ]),
        );
      });

      it('refuse to add to a text, and the commit with it', async () => {
        await commit({ table: 'windows', row: 'a', set: { label: 'parcel' } });
        const owner = await acquire();
        const failing = owner.commit(1, 2, state({ k: [1] }), [
          { table: 'windows', row: 'a', set: { count: 1 } },
          { table: 'windows', row: 'a', add: { label: 1 } },
        ]);
        await expect(failing).rejects.toThrow('label');
        expect(await rows()).toEqual(new Map([['a', { label: 'parcel' }]]));
        expect(await stored()).toEqual({ position: 1, state: new Map() });
      });
    });
  });
}

function state(values: Readonly<Record<string, readonly number[]>>): Map<string, Uint8Array> {
  return new Map(Object.entries(values).map(([key, bytes]) => [key, Uint8Array.from(bytes)]));
}

function highest(owners: readonly Ownership[]): Ownership {
  return owners.reduce((best, owner) => (owner.epoch > best.epoch ? owner : best));
}
