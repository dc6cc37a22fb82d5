import { stateStoreSuite } from '../../../../suites/state-store.suite.ts';
import { MemoryStateStore } from './memory-state-store.ts';

// The store is its own disk: opened again, it is the same.
stateStoreSuite('the test double in memory', async () => ({
  store: new MemoryStateStore(),
  reopen: async () => {},
  close: async () => {},
}));
