import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrokerAddresses } from './broker-process.ts';
import { KAFKA_CACHE } from './install.ts';

const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url));
const LOOK_MS = 25;
/** Test files are run by processes of their own, which end before the run does: their parent is the run. */
const RUN = process.ppid;
/** Whoever has lost its parent gets this one. */
const NOBODY = 1;

/**
 * The plain address of the broker that all test files of a run share: started by the first that asks, ended with the run. An address in
 * OCELLI_TEST_KAFKA is used instead.
 */
export async function sharedBroker(): Promise<string> {
  return process.env['OCELLI_TEST_KAFKA'] ?? (await ownBroker()).plain;
}

/** As `sharedBroker`, always one that we started: with all of its listeners. Do not kill it, others use it too. */
export async function ownBroker(): Promise<BrokerAddresses> {
  if (process.ppid === NOBODY) throw new Error('The run that this test file belongs to has ended: no broker is started for it.');
  const folder = join(KAFKA_CACHE, 'runs', runName());
  if (mkdirSync(folder, { recursive: true }) !== undefined) startKeeper(folder);
  const file = join(folder, 'broker.json');
  while (!existsSync(file)) {
    if (!existsSync(folder)) throw new Error('The keeper of the test broker ended before the broker had started.');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const { addresses, failure } = JSON.parse(readFileSync(file, 'utf8')) as { addresses?: BrokerAddresses; failure?: string };
  if (addresses === undefined) throw new Error(`The test broker did not start: ${failure}`);
  return addresses;
}

/** Its process id, and when that began, since ids are used again. */
function runName(): string {
  const stat = `/proc/${RUN}/stat`;
  const began = existsSync(stat) ? readFileSync(stat, 'utf8').split(') ').at(-1)?.split(' ')[19] : '';
  return `${RUN}-${began}`;
}

function startKeeper(folder: string): void {
  spawn(process.execPath, [KEEPER, String(RUN), folder], { detached: true, stdio: 'ignore' }).unref();
}
