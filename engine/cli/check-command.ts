import type { CameraSettings } from '../config/camera-settings.ts';
import type { Configuration } from '../config/configuration.ts';
import { inFileOrder, inspectConfiguration } from '../config/inspect-configuration.ts';
import { describeLog } from '../config/log-address.ts';
import { readText, refuseProblems } from '../config/read-configuration.ts';
import { resolveCameras } from '../config/resolve-cameras.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { printTable } from './table.ts';

/** Looks at a configuration as `run` would, and at what it names, and says what it means; or all that is wrong, in one go. */
export async function checkCommand(application: Application, file: string, { json }: { readonly json: boolean }): Promise<number> {
  const { problems, configuration, parts, locate } = inspectConfiguration(readText(file), file, { operators: application.operators });
  const told = new Set(problems.map(({ path }) => path));
  const found = (await application.obstacles(parts, file)).map(({ path, sentence }) => locate(path, sentence));
  refuseProblems(inFileOrder([...problems, ...found.filter(({ path }) => !told.has(path))]));
  tell(configuration as Configuration, file, json);
  return EXIT.ok;
}

function tell(configuration: Configuration, file: string, json: boolean): void {
  const cameras = resolveCameras(configuration);
  if (json) {
    console.log(JSON.stringify({ file, model: configuration.model, log: describeLog(configuration.log), cameras }));
    return;
  }
  if (cameras.length > 0) printCameras(cameras);
  console.log(`${file} is right: ${countOf(cameras.length)}, model ${configuration.model}, log ${describeLog(configuration.log)}.`);
}

function printCameras(cameras: readonly CameraSettings[]): void {
  printTable(
    ['camera', 'address', 'fps', 'freshness', 'enabled'],
    cameras.map(({ id, url, fps, freshnessMs, enabled }) => [id, String(url), String(fps), `${freshnessMs} ms`, enabled ? 'yes' : 'no']),
  );
  console.log();
}

function countOf(cameras: number): string {
  if (cameras === 0) return 'no cameras yet';
  return cameras === 1 ? '1 camera' : `${cameras} cameras`;
}
