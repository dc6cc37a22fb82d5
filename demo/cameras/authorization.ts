import { digestResponse } from './digest.ts';

/** Who may look, and how a viewer must prove it. */
export interface Account {
  readonly scheme: 'basic' | 'digest';
  readonly user: string;
  readonly password: string;
  /** Digest only: offer `qop="auth"` of RFC 7616; an answer by RFC 2069, which is all that most cameras ask for, is still taken. */
  readonly qop: boolean;
}

/** The request that asks to be let in. */
export interface Attempt {
  readonly method: string;
  readonly url: string;
  /** The header `Authorization`, if there was one. */
  readonly authorization: string | undefined;
}

const REALM = 'Ocelli camera';

/** The header `WWW-Authenticate` of an answer 401. */
export function challenge({ scheme, qop }: Account, nonce: string): string {
  if (scheme === 'basic') return `Basic realm="${REALM}"`;
  return `Digest realm="${REALM}", nonce="${nonce}", algorithm=MD5${qop ? ', qop="auth"' : ''}`;
}

/** True if the attempt proves the account's password by the account's scheme, with this nonce, for this very request. */
export function isAuthorized(attempt: Attempt, account: Account, nonce: string): boolean {
  const [scheme, rest] = splitOnce(attempt.authorization ?? '', ' ');
  if (scheme.toLowerCase() !== account.scheme) return false;
  return account.scheme === 'basic' ? isBasic(rest, account) : isDigest(rest, attempt, account, nonce);
}

function isBasic(credentials: string, { user, password }: Account): boolean {
  return Buffer.from(credentials.trim(), 'base64').toString('utf8') === `${user}:${password}`;
}

function isDigest(text: string, { method, url }: Attempt, { user, password, qop }: Account, nonce: string): boolean {
  const given = parameters(text);
  if (given['username'] !== user || given['realm'] !== REALM || given['nonce'] !== nonce || given['uri'] !== url) return false;
  const { qop: name, cnonce = '', nc = '' } = given;
  if (name !== undefined && !qop) return false;
  const input = { user, realm: REALM, password, method, uri: url, nonce };
  return given['response'] === digestResponse(name === undefined ? input : { ...input, qop: { name, cnonce, nc } });
}

/** `name=value` and `name="value"`, separated by commas. */
function parameters(text: string): Record<string, string | undefined> {
  const pairs = text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(Array.from(pairs, ([, name, quoted, plain]) => [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain]));
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
