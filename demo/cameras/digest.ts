import { createHash } from 'node:crypto';

/** What goes into a Digest answer with MD5 (RFC 2069 without, RFC 7616 with `qop`). */
export interface DigestInput {
  readonly user: string;
  readonly realm: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly qop?: { readonly name: string; readonly cnonce: string; readonly nc: string };
}

/** The `response` that proves the password without sending it. */
export function digestResponse({ user, realm, password, method, uri, nonce, qop }: DigestInput): string {
  const secret = md5(`${user}:${realm}:${password}`);
  const request = md5(`${method}:${uri}`);
  const fresh = qop === undefined ? nonce : `${nonce}:${qop.nc}:${qop.cnonce}:${qop.name}`;
  return md5(`${secret}:${fresh}:${request}`);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
