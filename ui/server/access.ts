import { timingSafeEqual } from 'node:crypto';
import { type Secret, unescaped } from '../../engine/secret.ts';

/** Who may talk to the server, and from where. */
export interface AccessRules {
  /** The address that the server listens on. */
  readonly host: string;
  readonly token?: Secret;
}

export interface Caller {
  /** Headers `Host`, `Origin`, `Authorization` and `Cookie`. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** Why a caller is refused: the HTTP status and a sentence. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly sentence: string;
}

export const TOKEN_COOKIE = 'ocelli_token';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Judges a request before anything is done for it. `Host` must be one of ours (against DNS rebinding), `Origin`, when there is one, must
 * be the same host (against requests that other pages make in the browser of somebody who may), and the token must be right.
 */
export function judge(caller: Caller, rules: AccessRules): Refusal | undefined {
  const hostname = hostnameOf(caller.host);
  if (hostname === undefined || !isOurs(hostname, rules.host)) {
    return {
      status: 421,
      sentence: `This server does not answer for the host ${caller.host ?? '(none)'}. Use http://${rules.host} or set server.host.`,
    };
  }
  if (caller.origin !== undefined && !sameHost(caller.origin, caller.host)) {
    return { status: 403, sentence: `Requests from pages of ${caller.origin} are refused. Open the page of this server itself.` };
  }
  if (rules.token !== undefined && !hasToken(caller, rules.token)) {
    return { status: 401, sentence: 'A token is needed: send it as "Authorization: Bearer …", or sign in on the page.' };
  }
  return undefined;
}

function hostnameOf(host: string | undefined): string | undefined {
  return host === undefined ? undefined : URL.parse(`http://${host}`)?.hostname;
}

/** On loopback only loopback names; on a real address whatever name leads to it, since the token protects it. */
function isOurs(hostname: string, listening: string): boolean {
  return LOOPBACK.has(listening) ? LOOPBACK.has(hostname) : true;
}

function sameHost(origin: string, host: string | undefined): boolean {
  return URL.parse(origin)?.host === host;
}

function hasToken({ authorization, cookie }: Caller, token: Secret): boolean {
  const bearer = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  const stored = new RegExp(`(?:^|;\\s*)${TOKEN_COOKIE}=([^;]*)`).exec(cookie ?? '')?.[1];
  return [bearer, stored === undefined ? undefined : unescaped(stored)].some(
    (given) => given !== undefined && equal(given, token.reveal()),
  );
}

/** Compares in a time that does not tell how much was right. */
function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
