import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

type Challenge = { readonly scheme: 'basic' } | { readonly scheme: 'digest'; readonly parameters: ReadonlyMap<string, string> };

/** What Digest may hash with; a challenge that asks for something else is passed over. */
const HASHES: Readonly<Record<string, string>> = { md5: 'md5', 'sha-256': 'sha256' };

/**
 * Proves a password, request by request: Digest (RFC 7616 with MD5 or SHA-256, counting each use of a nonce; RFC 2069 where the camera
 * offers no `qop`) before Basic (RFC 7617). Knows nothing before the camera's first challenge.
 */
export class RtspAuthorization {
  private readonly credentials: Credentials;
  private challenge: Challenge | undefined;
  private uses = 0;

  constructor(credentials: Credentials) {
    this.credentials = credentials;
  }

  /** Takes the challenges of a 401 (values of `WWW-Authenticate`). @returns false when none of them is understood. */
  take(challenges: readonly string[]): boolean {
    this.challenge = chosen(challenges);
    this.uses = 0;
    return this.challenge !== undefined;
  }

  /** The header `Authorization` of the next request; `undefined` before the first challenge. */
  header(method: string, uri: string): string | undefined {
    const { challenge, credentials } = this;
    if (challenge === undefined) return undefined;
    if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
    this.uses += 1;
    return digest(challenge.parameters, credentials, { method, uri, uses: this.uses });
  }
}

function chosen(challenges: readonly string[]): Challenge | undefined {
  for (const text of challenges.filter((challenge) => /^digest /i.test(challenge))) {
    const parameters = parametersOf(text);
    if (hashOf(parameters) !== undefined) return { scheme: 'digest', parameters };
  }
  return challenges.some((challenge) => /^basic\b/i.test(challenge)) ? { scheme: 'basic' } : undefined;
}

function hashOf(parameters: ReadonlyMap<string, string>): string | undefined {
  return HASHES[(parameters.get('algorithm') ?? 'MD5').toLowerCase()];
}

interface Use {
  readonly method: string;
  readonly uri: string;
  /** How often this nonce was used, this time included. */
  readonly uses: number;
}

function digest(challenge: ReadonlyMap<string, string>, { user, password }: Credentials, { method, uri, uses }: Use): string {
  const name = hashOf(challenge) as string;
  const hash = (text: string) => createHash(name).update(text).digest('hex');
  const [realm, nonce] = [challenge.get('realm') ?? '', challenge.get('nonce') ?? ''];
  const secret = hash(`${user}:${realm}:${password}`);
  const request = hash(`${method}:${uri}`);
  const given = { username: user, realm, nonce, uri };
  const opaque = challenge.has('opaque') ? { opaque: challenge.get('opaque') as string } : {};
  if (!/\bauth\b/.test(challenge.get('qop') ?? '')) {
    return formatted({ ...given, response: hash(`${secret}:${nonce}:${request}`), ...opaque }, challenge);
  }
  const [cnonce, nc] = [randomBytes(8).toString('hex'), uses.toString(16).padStart(8, '0')];
  const response = hash(`${secret}:${nonce}:${nc}:${cnonce}:auth:${request}`);
  return `${formatted({ ...given, response, cnonce, ...opaque }, challenge)}, qop=auth, nc=${nc}`;
}

function formatted(fields: Readonly<Record<string, string>>, challenge: ReadonlyMap<string, string>): string {
  const quoted = Object.entries(fields).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`);
  const algorithm = challenge.has('algorithm') ? [`algorithm=${challenge.get('algorithm')}`] : [];
  return `Digest ${[...quoted, ...algorithm].join(', ')}`;
}

function parametersOf(challenge: string): Map<string, string> {
  const found = challenge.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return new Map(
    [...found].map(([, name, quoted, plain]) => [(name as string).toLowerCase(), (quoted ?? plain ?? '').replace(/\\(.)/g, '$1')]),
  );
}
