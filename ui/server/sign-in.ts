import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Clock, pause } from '../../engine/clock.ts';
import { type AccessRules, judge, TOKEN_COOKIE } from './access.ts';

/** A wrong token is answered late, so that guessing takes forever. */
const WRONG_TOKEN_DELAY_MS = 1000;
const MONTH_S = 30 * 24 * 3600;

const body = z.strictObject({ token: z.string().min(1).max(1024) });

export const SIGN_IN_PATH = '/api/session';

/** `POST /api/session {"token": …}`: the right token becomes a cookie that scripts cannot read and other sites cannot send. */
export function signIn(server: FastifyInstance, access: AccessRules, clock: Clock): void {
  server.post(SIGN_IN_PATH, async ({ headers, body: given }, reply) => {
    const parsed = body.safeParse(given);
    if (!parsed.success) return reply.code(400).send({ error: 'Expected {"token": "…"}.' });
    const caller = { host: headers.host, origin: headers.origin, authorization: `Bearer ${parsed.data.token}`, cookie: undefined };
    if (judge(caller, access) !== undefined) {
      await pause(clock, WRONG_TOKEN_DELAY_MS);
      return reply.code(401).send({ error: 'This token is not the one in server.token of the configuration.' });
    }
    const cookie = `${TOKEN_COOKIE}=${encodeURIComponent(parsed.data.token)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${MONTH_S}`;
    return reply.header('set-cookie', cookie).code(204).send();
  });
}
