import { readConfiguration } from '../config/read-configuration.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { printTable } from './table.ts';

/** Copies log and state into a file, also while a site runs, and says what the copy holds. */
export async function backupCommand(
  application: Application,
  target: string,
  { config, json }: { readonly config: string; readonly json: boolean },
): Promise<number> {
  const { bytes, topics } = await application.backUp(readConfiguration(config, { operators: application.operators }), config, target);
  if (json) {
    console.log(JSON.stringify({ file: target, bytes, topics }));
    return EXIT.ok;
  }
  printTable(
    ['topic', 'records', 'from', 'up to'],
    Object.entries(topics).map(([topic, { start, end }]) => [topic, String(end - start), String(start), String(end)]),
  );
  console.log(`\n${target} is a whole copy: ${(bytes / 2 ** 20).toFixed(1)} MiB, log and state as of one moment.`);
  return EXIT.ok;
}
