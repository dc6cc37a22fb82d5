import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../../engine/sqlite/index.ts';
import { LeaseTable, SqliteSessions } from '../../../engine/state/index.ts';
import { ManualClock } from '../../manual-clock.ts';
import { leasesSuite } from '../../suites/leases.suite.ts';

leasesSuite('one process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ocelli-leases-'));
  const database = new Database(join(folder, 'ocelli.db'));
  const clock = new ManualClock();
  const table = new LeaseTable({ clock, sessions: new SqliteSessions(database) });
  return {
    here: table.of('here'),
    there: table.of('there'),
    pass: async (ms) => clock.advance(ms),
    close: async () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
});
