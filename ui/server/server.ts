import type { FastifyInstance } from 'fastify';
import { type Clock, SystemClock } from '../../engine/clock.ts';
import type { LogReader } from '../../engine/log/log.ts';
import type { ClusterAnswer } from '../cluster.ts';
import type { AccessRules } from './access.ts';
import type { CameraEditor } from './cameras/camera-editor.ts';
import { camerasRoutes } from './cameras/cameras-routes.ts';
import { clusterRoutes } from './cluster-routes.ts';
import { guardedServer } from './guarded-server.ts';
import { healthRoutes, type Readiness } from './health-routes.ts';
import { liveRoutes } from './live/live-routes.ts';
import type { LiveView } from './live/live-view.ts';
import { topicRoutes } from './topic-routes.ts';
import { WEB_FOLDER, webFiles } from './web-files.ts';

export interface ServerOptions {
  readonly log: LogReader;
  readonly access: AccessRules;
  /** Text of the metrics in Prometheus' format, and its content type. */
  readonly metrics: () => Promise<{ readonly text: string; readonly type: string }>;
  readonly readiness: () => Readiness;
  /** What people watch; without it the server answers programs only. */
  readonly live?: LiveView;
  /** Changes cameras; without it they can be seen only. */
  readonly cameras?: CameraEditor;
  /** Who works on this site, and on what. */
  readonly cluster?: () => Promise<ClusterAnswer>;
  /** The built application; default: where the build puts it. */
  readonly webFolder?: string;
  readonly clock?: Clock;
}

/** The HTTP server: built without listening, so that tests talk to it without a socket. */
export function createServer(options: ServerOptions): FastifyInstance {
  const server = guardedServer(options.access);
  healthRoutes(server, options);
  topicRoutes(server, options.log, options.clock ?? new SystemClock());
  webFiles(server, options.webFolder ?? WEB_FOLDER);
  const { live, cameras, cluster } = options;
  if (cluster !== undefined) clusterRoutes(server, cluster);
  if (live === undefined) return server;
  liveRoutes(server, live, options.access);
  camerasRoutes(server, { facts: () => live.cameras(), ...(cameras === undefined ? {} : { editor: cameras }) });
  return server;
}
