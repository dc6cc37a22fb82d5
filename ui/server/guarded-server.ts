import { type FastifyInstance, fastify } from 'fastify';
import { OcelliError } from '../../engine/errors.ts';
import { type AccessRules, judge } from './access.ts';
import { SIGN_IN_PATH } from './sign-in.ts';
import { isPagePath } from './web-files.ts';

/** Paths that tell nothing and must be reached without a token: by probes, and by whoever is about to sign in. */
const OPEN_PATHS = new Set(['/health/live', '/health/ready', SIGN_IN_PATH]);
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Routes check what comes with Zod, and no route has a JSON schema. Fastify's own compilers for these load Ajv: a hundred modules, some 50 ms of each start. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } };

/** A server that judges every request before anything is done for it, and tells errors as sentences. It has no routes yet. */
export function guardedServer(access: AccessRules): FastifyInstance {
  const server = fastify({ bodyLimit: BODY_LIMIT_BYTES, logger: false, forceCloseConnections: true, schemaController: NO_SCHEMAS });
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin, authorization, cookie } = request.headers;
    const { token: _open, ...withoutToken } = access;
    const rules = OPEN_PATHS.has(request.url) || isPagePath(request.url) ? withoutToken : access;
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
  return server;
}

const STATUS: Partial<Record<OcelliError['code'], number>> = {
  CAMERA_UNKNOWN: 404,
  INPUT_INVALID: 400,
  TOPIC_UNKNOWN: 404,
  LOG_POSITION_LOST: 410,
};

function statusOf(error: unknown): number {
  if (error instanceof OcelliError) return STATUS[error.code] ?? 500;
  return (error as { readonly statusCode?: number }).statusCode ?? 500;
}

function refuseSchema(): never {
  throw new Error('A route has a JSON schema, and this server has no compiler for these. Check with Zod inside the route.');
}
