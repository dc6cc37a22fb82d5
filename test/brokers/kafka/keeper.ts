/**
 * Keeps one broker for all test files of a run, and ends it with the run: `keeper.ts <pid of the run> <folder>`. Writes the broker's
 * addresses, or why it did not start, into the folder. Killed itself, it takes the broker with it (see LEASH).
 */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrokerProcess } from './broker-process.ts';

const LOOK_MS = 250;
const [pid = '', folder = ''] = process.argv.slice(2);

try {
  removeLeftovers();
  mkdirSync(join(folder, 'broker'));
  const broker = await BrokerProcess.start(join(folder, 'broker'));
  tell({ addresses: broker.addresses });
  while (isAlive(Number(pid))) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  await broker.stop();
} catch (error) {
  tell({ failure: (error as Error).message });
} finally {
  while (isAlive(Number(pid))) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  rmSync(folder, { recursive: true, force: true });
}

/** Of keepers that were killed. */
function removeLeftovers(): void {
  const runs = dirname(folder);
  const dead = readdirSync(runs).filter((name) => !isAlive(Number.parseInt(name, 10)));
  for (const name of dead) rmSync(join(runs, name), { recursive: true, force: true });
}

function tell(what: object): void {
  writeFileSync(join(folder, 'arriving.json'), JSON.stringify(what));
  renameSync(join(folder, 'arriving.json'), join(folder, 'broker.json'));
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
