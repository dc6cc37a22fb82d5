import { basename, dirname, join } from 'node:path';
import type { CameraEditor } from '../ui/server/cameras/camera-editor.ts';
import type { LiveSite } from '../ui/server/live/live-site.ts';
import { LiveView } from '../ui/server/live/live-view.ts';
import { PictureFolder } from '../ui/server/live/picture-folder.ts';
import { createServer } from '../ui/server/server.ts';
import { CameraMetrics } from './camera-metrics.ts';
import { accessOf, openServer } from './server-address.ts';
import type { SiteParts } from './site-parts.ts';
import type { SupervisedIngestion } from './supervised-ingestion.ts';

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the HTTP server. Another address than this machine's own needs a token. */
export async function listen(parts: SiteParts, ingestion: SupervisedIngestion, site: LiveSite, cameras: CameraEditor): Promise<Listening> {
  const { configuration, log, dataFile, logFile, metrics, views, clock, logger } = parts;
  const access = accessOf(configuration);
  const cameraMetrics = new CameraMetrics(metrics, logFile);
  const server = createServer({
    log,
    clock,
    cameras,
    access,
    metrics: async () => {
      cameraMetrics.observe(ingestion.statuses());
      return { text: await metrics.registry.metrics(), type: metrics.registry.contentType };
    },
    readiness: () => readinessOf(ingestion, parts.stateTrouble()),
    live: new LiveView({ log, views, clock, logger, site, pictures: await PictureFolder.open(pictureFolder(dataFile), clock) }),
  });
  return { url: await openServer(server, configuration), close: () => server.close() };
}

/** Beside the log, and one for each log: the demo keeps its own. */
function pictureFolder(database: string): string {
  return join(dirname(database), 'pictures', basename(database, '.db'));
}

/** Ready means: every camera was tried, and state can be had. */
function readinessOf(ingestion: SupervisedIngestion, stateTrouble: string | undefined): { ready: boolean; waiting: string[] } {
  const opening = ingestion.statuses().filter(({ state }) => state === 'starting');
  const waiting = [...opening.map(({ camera }) => `${camera} is being opened`), ...(stateTrouble === undefined ? [] : [stateTrouble])];
  return { ready: waiting.length === 0, waiting };
}
