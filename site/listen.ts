import { basename, dirname, join } from 'node:path';
import type { Configuration } from '../engine/config/configuration.ts';
import type { CameraEditor } from '../ui/server/cameras/camera-editor.ts';
import type { Readiness } from '../ui/server/health-routes.ts';
import type { LiveSite } from '../ui/server/live/live-site.ts';
import { LiveView } from '../ui/server/live/live-view.ts';
import { PictureFolder, type PictureLimits } from '../ui/server/live/picture-folder.ts';
import type { OpenTracksFeed } from '../ui/server/live/tracks-feed.ts';
import { createServer } from '../ui/server/server.ts';
import type { Cluster } from './cluster.ts';
import { accessOf, openServer } from './server-address.ts';
import type { SiteParts } from './site-parts.ts';
import { sizeBytes } from './store-address.ts';

const DAY_MS = 24 * 3_600_000;

export interface ListenNeeds {
  readonly parts: SiteParts;
  readonly site: LiveSite;
  readonly cameras: CameraEditor;
  readonly cluster: Cluster;
  readonly readiness: () => Readiness;
  /** Called before metrics are told: brings in what is counted elsewhere. */
  readonly observe: () => void;
  /** Where `tracks` come from; all of them as they are committed, unless told otherwise. */
  readonly tracks?: OpenTracksFeed;
}

export interface Listening {
  readonly url: string;
  /** Browsers that watch. */
  viewers(): number;
  close(): Promise<void>;
}

/** Starts the HTTP server with everything that people see. Another address than this machine's own needs a token. */
export async function listen({ parts, site, cameras, cluster, readiness, observe, tracks }: ListenNeeds): Promise<Listening> {
  const { configuration, log, dataFile, metrics, views, clock, logger } = parts;
  const access = accessOf(parts);
  const pictures = await PictureFolder.open(pictureFolder(dataFile), clock, pictureLimits(configuration.pictures));
  const live = new LiveView({ log, views, clock, logger, site, pictures, ...(tracks === undefined ? {} : { tracks }) });
  const server = createServer({
    ...{ log, clock, cameras, access, readiness, live },
    cluster: () => cluster.answer(),
    metrics: async () => {
      observe();
      return { text: await metrics.registry.metrics(), type: metrics.registry.contentType };
    },
  });
  const url = await openServer(server, parts);
  return { url, viewers: () => live.hub.viewers.size, close: () => server.close() };
}

function pictureLimits({ keep, days }: Configuration['pictures']): PictureLimits {
  return { bytes: sizeBytes(keep), ageMs: days * DAY_MS };
}

/** Beside the log, and one for each log: the demo keeps its own. */
function pictureFolder(database: string): string {
  return join(dirname(database), 'pictures', basename(database, '.db'));
}
