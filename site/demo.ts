import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { serveCameras } from '../demo/cameras/index.ts';
import type { DemoOptions, RunningSite } from '../engine/cli/application.ts';
import { configurationSchema } from '../engine/config/configuration.ts';
import { OcelliError } from '../engine/errors.ts';
import { packageRoot } from '../engine/package-root.ts';
import { OPERATORS } from './operator-settings.ts';
import { startSite } from './start-site.ts';

const ROOT = packageRoot();
/** The demo's own log: the one of a real site is never touched. */
const LOG = 'sqlite:data/demo.db';

const FIXED =
  'These are the simulated cameras of the demo, which stand in no file. To watch your own, write a configuration file, or begin one with "ocelli add rtsp://…", and start "ocelli run".';

/** Four simulated cameras with the project's own footage, and a site that watches them. */
export async function startDemo({ version, logger, port, folder }: DemoOptions): Promise<RunningSite> {
  const cameras = await serveCameras({ clips: demoClips(), controlPort: 0 });
  const file = join(folder, 'ocelli.yaml');
  const configuration = configurationSchema(OPERATORS, file).parse({
    cameras: cameras.names.map((id) => ({ id, url: cameras.url(id) })),
    model: join(ROOT, 'models/parcels'),
    log: LOG,
    state: LOG,
    server: { port },
  });
  logger.info({ cameras: cameras.names, orders: cameras.controlUrl }, 'Simulated cameras are on; they take orders for faults');
  const site = await startSite(configuration, { version, file, logger, untilEnd: false, fixed: FIXED }).catch((error: unknown) => {
    cameras.close();
    throw error;
  });
  return {
    ...site,
    drain: async () => {
      await site.drain();
      cameras.close();
    },
  };
}

function demoClips(): Record<string, string> {
  const files = globSync(join(ROOT, 'demo/footage/clips/*.mp4')).sort();
  if (files.length === 0)
    throw new OcelliError('INPUT_INVALID', 'The demo has no clips: expected demo/footage/clips/*.mp4. Install Ocelli again.');
  return Object.fromEntries(files.map((file) => [basename(file, '.mp4'), file]));
}
