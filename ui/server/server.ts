import { type FastifyInstance, fastify } from 'fastify';
import { type Clock, SystemClock } from '../../engine/clock.ts';
import { OcelliError } from '../../engine/errors.ts';
import type { LogReader } from '../../engine/log/log.ts';
import { type AccessRules, judge } from './access.ts';
import type { CameraEditor } from './cameras/camera-editor.ts';
import { camerasRoutes } from './cameras/cameras-routes.ts';
import { healthRoutes, type Readiness } from './health-routes.ts';
import { liveRoutes } from './live/live-routes.ts';
import type { LiveView } from './live/live-view.ts';
import { SIGN_IN_PATH } from './sign-in.ts';
import { topicRoutes } from './topic-routes.ts';
import { isPagePath, WEB_FOLDER, webFiles } from './web-files.ts';

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
  /** The built application; default: where the build puts it. */
  readonly webFolder?: string;
  readonly clock?: Clock;
}

/** Paths that tell nothing and must be reached without a token: by probes, and by whoever is about to sign in. */
const OPEN_PATHS = new Set(['/health/live', '/health/ready', SIGN_IN_PATH]);
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Routes check what comes with Zod, and no route has a JSON schema. Fastify's own compilers for these load Ajv: a hundred modules, some 50 ms of each start. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } };

/** The HTTP server: built without listening, so that tests talk to it without a socket. */
export function createServer(options: ServerOptions): FastifyInstance {
  const server = fastify({ bodyLimit: BODY_LIMIT_BYTES, logger: false, forceCloseConnections: true, schemaController: NO_SCHEMAS });
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin, authorization, cookie } = request.headers;
    const { token: _open, ...withoutToken } = options.access;
    const rules = OPEN_PATHS.has(request.url) || isPagePath(request.url) ? withoutToken : options.access;
    const refusal = judge({ host, origin, authorization, cookie }, rules);
    if (refusal !== undefined) await reply.code(refusal.status).send({ error: refusal.sentence });
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
  });
  server.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    const known = error instanceof OcelliError;
    return reply.code(status).send({
      error: status === 500 && !known ? 'This request failed inside the server; its log tells why.' : (error as Error).message,
      ...(known ? { code: error.code } : {}),
    });
  });
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `There is nothing at ${request.method} ${request.url.split('?')[0]}.` }),
  );
  healthRoutes(server, options);
  topicRoutes(server, options.log, options.clock ?? new SystemClock());
  webFiles(server, options.webFolder ?? WEB_FOLDER);
  const { live, cameras } = options;
  if (live === undefined) return server;
  liveRoutes(server, live, options.access);
  camerasRoutes(server, { facts: () => live.cameras(), ...(cameras === undefined ? {} : { editor: cameras }) });
  return server;
}

const STATUS: Partial<Record<OcelliError['code'], number>> = { INPUT_INVALID: 400, TOPIC_UNKNOWN: 404, LOG_POSITION_LOST: 410 };

function statusOf(error: unknown): number {
  if (error instanceof OcelliError) return STATUS[error.code] ?? 500;
  return (error as { readonly statusCode?: number }).statusCode ?? 500;
}

function refuseSchema(): never {
  throw new Error('A route has a JSON schema, and this server has no compiler for these. Check with Zod inside the route.');
}
