import type { CameraEditor } from '../ui/server/cameras/camera-editor.ts';
import type { Readiness } from '../ui/server/health-routes.ts';
import { CameraMetrics } from './camera-metrics.ts';
import { Cluster } from './cluster.ts';
import { type Listening, listen } from './listen.ts';
import { liveSite } from './live-view.ts';
import type { Member } from './member.ts';
import { workerCount } from './operator-settings.ts';
import type { SiteParts } from './site-parts.ts';
import type { SupervisedIngestion } from './supervised-ingestion.ts';

/** The server of a process that is the whole site: it knows its cameras itself. */
export function openSiteServer(
  parts: SiteParts,
  member: Member,
  ingestion: SupervisedIngestion,
  cameras: CameraEditor,
): Promise<Listening> {
  const cameraMetrics = new CameraMetrics(parts.metrics, parts.logFile);
  const configuration = () => ingestion.asked;
  const statuses = () => new Map(ingestion.statuses().map((status) => [status.camera, status]));
  const workers = () => workerCount(parts.configuration);
  return listen({
    parts,
    cameras,
    site: liveSite(parts, { configuration, statuses, workers }),
    cluster: new Cluster({ parts, member, configuration }),
    readiness: () => readinessOf(ingestion, parts.stateTrouble()),
    observe: () => cameraMetrics.observe(ingestion.statuses()),
  });
}

/** Ready means: every camera was tried, and state can be had. */
function readinessOf(ingestion: SupervisedIngestion, stateTrouble: string | undefined): Readiness {
  const opening = ingestion.statuses().filter(({ state }) => state === 'starting');
  const waiting = [...opening.map(({ camera }) => `${camera} is being opened`), ...(stateTrouble === undefined ? [] : [stateTrouble])];
  return { ready: waiting.length === 0, waiting };
}
