import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * The `Authorization` header that answers a server's challenges: Digest (RFC 7616 with MD5 or SHA-256, RFC 2069 without `qop`) before
 * Basic (RFC 7617). `undefined`: no challenge that we understand.
 */
export function authorization(
  challenges: readonly string[],
  { user, password }: Credentials,
  method: string,
  uri: string,
): string | undefined {
  const digest = challenges.find((challenge) => /^digest /i.test(challenge));
  if (digest !== undefined) return digestAnswer(parameters(digest), { user, password }, method, uri);
  if (challenges.some((challenge) => /^basic\b/i.test(challenge))) {
    return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  return undefined;
}

function digestAnswer(challenge: ReadonlyMap<string, string>, { user, password }: Credentials, method: string, uri: string): string {
  const name = challenge.get('algorithm') ?? 'MD5';
  const hash = (text: string) =>
    createHash(/^sha-256/i.test(name) ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const [realm, nonce] = [challenge.get('realm') ?? '', challenge.get('nonce') ?? ''];
  const secret = hash(`${user}:${realm}:${password}`);
  const request = hash(`${method}:${uri}`);
  const given = { username: user, realm, nonce, uri };
  const opaque = challenge.has('opaque') ? { opaque: challenge.get('opaque') as string } : {};
  if (!/\bauth\b/.test(challenge.get('qop') ?? '')) {
    return header({ ...given, response: hash(`${secret}:${nonce}:${request}`), ...opaque }, challenge);
  }
  const cnonce = randomBytes(8).toString('hex');
  const response = hash(`${secret}:${nonce}:00000001:${cnonce}:auth:${request}`);
  return `${header({ ...given, response, cnonce, ...opaque }, challenge)}, qop=auth, nc=00000001`;
}

function header(fields: Readonly<Record<string, string>>, challenge: ReadonlyMap<string, string>): string {
  const quoted = Object.entries(fields).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`);
  const algorithm = challenge.has('algorithm') ? [`algorithm=${challenge.get('algorithm')}`] : [];
  return `Digest ${[...quoted, ...algorithm].join(', ')}`;
}

function parameters(challenge: string): Map<string, string> {
  const found = challenge.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return new Map(
    [...found].map(([, name, quoted, plain]) => [(name as string).toLowerCase(), (quoted ?? plain ?? '').replace(/\\(.)/g, '$1')]),
  );
}
