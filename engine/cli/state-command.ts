import { readConfiguration } from '../config/read-configuration.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { printTable } from './table.ts';

/** Accepts that state is lost, after a site has stopped with STATE_LOST: tasks without state begin anew at the next start. */
export async function beginAgainCommand(application: Application, file: string, { json }: { readonly json: boolean }): Promise<number> {
  const tasks = await application.beginAgain(readConfiguration(file, { operators: application.operators }), file);
  if (json) console.log(JSON.stringify({ tasks }));
  else
    printTable(
      ['task', 'at the next start'],
      tasks.map(({ task, position }) => [
        task,
        position === 0 ? 'begins anew, at the start of the log' : `goes on at position ${position}`,
      ]),
    );
  return EXIT.ok;
}
