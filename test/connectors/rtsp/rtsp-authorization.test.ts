import { describe, expect, it } from 'vitest';
import { RtspAuthorization } from '../../../connectors/rtsp/rtsp-authorization.ts';

const MUFASA = { user: 'Mufasa', password: 'Circle Of Life' };

function proof(challenges: readonly string[], method: string, uri: string, credentials = MUFASA): string | undefined {
  const authorization = new RtspAuthorization(credentials);
  authorization.take(challenges);
  return authorization.header(method, uri);
}

describe('a password is proved', () => {
  it('by Digest as in RFC 2617, section 3.5, without `qop`', () => {
    const challenge =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const header = proof([challenge], 'GET', '/dir/index.html');
    // MD5 of the three parts, by RFC 2069: computed with openssl.
    expect(header).toContain('response="670fd8c2df070c60b045671b8b24ff02"');
    expect(header).toContain('opaque="5ccc069c403ebaf9f0171e9517f40e41"');
  });

  it('by Digest before Basic where both will do, and with the hash that is understood', () => {
    const header = proof(
      [
        'Basic realm="x"',
        'Digest realm="x", nonce="y", algorithm=SHA-512-256',
        'Digest realm="x", nonce="z", qop="auth", algorithm=SHA-256',
      ],
      'DESCRIBE',
      'rtsp://h/',
    );
    expect(header).toMatch(
      /^Digest username="Mufasa", realm="x", nonce="z", uri="rtsp:\/\/h\/", response="[0-9a-f]{64}", cnonce=.*algorithm=SHA-256, qop=auth, nc=00000001$/,
    );
  });

  it('to nobody who has not asked', () => {
    expect(new RtspAuthorization(MUFASA).header('DESCRIBE', 'rtsp://h/')).toBeUndefined();
    expect(new RtspAuthorization(MUFASA).take(['Negotiate'])).toBe(false);
  });
});
