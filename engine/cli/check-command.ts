import { describeLog } from '../config/log-address.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { resolveCameras } from '../config/resolve-cameras.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { printTable } from './table.ts';

/** Reads a configuration as `run` would, and says what it means. */
export function checkCommand(application: Application, file: string, { json }: { readonly json: boolean }): number {
  const configuration = readConfiguration(file, { operators: application.operators });
  const cameras = resolveCameras(configuration);
  if (json) {
    console.log(JSON.stringify({ file, model: configuration.model, log: describeLog(configuration.log), cameras }));
    return EXIT.ok;
  }
  printTable(
    ['camera', 'address', 'fps', 'freshness', 'enabled'],
    cameras.map(({ id, url, fps, freshnessMs, enabled }) => [id, String(url), String(fps), `${freshnessMs} ms`, enabled ? 'yes' : 'no']),
  );
  console.log(`\n${file} is right: ${countOf(cameras.length)}, model ${configuration.model}, log ${describeLog(configuration.log)}.`);
  return EXIT.ok;
}

function countOf(cameras: number): string {
  if (cameras === 0) return 'no cameras yet';
  return cameras === 1 ? '1 camera' : `${cameras} cameras`;
}
