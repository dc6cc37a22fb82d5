import { describe, expect, it } from 'vitest';
import { type Account, challenge, isAuthorized } from '../../../demo/cameras/authorization.ts';
import { digestResponse } from '../../../demo/cameras/digest.ts';

describe('the Digest answer', () => {
  it('is that of the example in RFC 7616, section 3.9.1', () => {
    const response = digestResponse({
      user: 'Mufasa',
      realm: 'http-auth@example.org',
      password: 'Circle of Life',
      method: 'GET',
      uri: '/dir/index.html',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      qop: { name: 'auth', nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
    });
    expect(response).toBe('8ca523f5e9506fed4657c9700eebdbec');
  });

  it('is that of the example in RFC 2617, section 3.5', () => {
    const response = digestResponse({
      user: 'Mufasa',
      realm: 'testrealm@host.com',
      password: 'Circle Of Life',
      method: 'GET',
      uri: '/dir/index.html',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      qop: { name: 'auth', nc: '00000001', cnonce: '0a4f113b' },
    });
    expect(response).toBe('6629fae49393a05397450978507c4ef1');
  });

  it('is that of the example in RFC 2069, section 2.4, as its errata correct it', () => {
    const response = digestResponse({
      user: 'Mufasa',
      realm: 'testrealm@host.com',
      password: 'CircleOfLife',
      method: 'GET',
      uri: '/dir/index.html',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    });
    expect(response).toBe('1949323746fe6a43ef61f9606e7febea');
  });
});

const url = 'rtsp://127.0.0.1:8554/dock-1';
const nonce = 'a-nonce';
const basic: Account = { scheme: 'basic', user: 'viewer', password: 'p@:/#%', qop: false };
const digest: Account = { ...basic, scheme: 'digest' };

function digestHeader(changes: Record<string, string> = {}): string {
  const given = { username: 'viewer', realm: 'Ocelli camera', nonce, uri: url, password: digest.password, ...changes };
  const response = digestResponse({
    user: given.username,
    realm: given.realm,
    password: given.password,
    method: 'DESCRIBE',
    uri: given.uri,
    nonce: given.nonce,
  });
  return `Digest username="${given.username}", realm="${given.realm}", nonce="${given.nonce}", uri="${given.uri}", response="${response}"`;
}

const attempt = (authorization: string | undefined) => ({ method: 'DESCRIBE', url, authorization });

describe('a camera with a password', () => {
  it('lets in who proves it, by Basic', () => {
    const credentials = Buffer.from('viewer:p@:/#%').toString('base64');
    expect(isAuthorized(attempt(`Basic ${credentials}`), basic, nonce)).toBe(true);
  });

  it('lets in who proves it, by Digest', () => {
    expect(isAuthorized(attempt(digestHeader()), digest, nonce)).toBe(true);
  });

  it('refuses a wrong password, a foreign nonce, another URL and another scheme', () => {
    expect(isAuthorized(attempt(undefined), digest, nonce)).toBe(false);
    expect(isAuthorized(attempt(digestHeader({ password: 'wrong' })), digest, nonce)).toBe(false);
    expect(isAuthorized(attempt(digestHeader({ nonce: 'of another connection' })), digest, nonce)).toBe(false);
    expect(isAuthorized(attempt(digestHeader({ uri: `${url}-2` })), digest, nonce)).toBe(false);
    expect(isAuthorized(attempt(`Basic ${Buffer.from('viewer:wrong').toString('base64')}`), basic, nonce)).toBe(false);
    expect(isAuthorized(attempt(`Basic ${Buffer.from('viewer:p@:/#%').toString('base64')}`), digest, nonce)).toBe(false);
  });

  it('refuses an answer for another method', () => {
    expect(isAuthorized({ ...attempt(digestHeader()), method: 'SETUP' }, digest, nonce)).toBe(false);
  });

  it('takes an answer with qop only where it has offered that', () => {
    const qop = { name: 'auth', nc: '00000001', cnonce: 'abc' };
    const input = { user: 'viewer', realm: 'Ocelli camera', password: digest.password, method: 'DESCRIBE', uri: url, nonce, qop };
    const header = `${digestHeader().replace(/response=.*/, '')}qop=auth, nc=00000001, cnonce="abc", response="${digestResponse(input)}"`;
    expect(isAuthorized(attempt(header), { ...digest, qop: true }, nonce)).toBe(true);
    expect(isAuthorized(attempt(header), digest, nonce)).toBe(false);
    expect(isAuthorized(attempt(digestHeader()), { ...digest, qop: true }, nonce)).toBe(true);
  });

  it('asks with qop only if told to', () => {
    expect(challenge(digest, nonce)).toBe('Digest realm="Ocelli camera", nonce="a-nonce", algorithm=MD5');
    expect(challenge({ ...digest, qop: true }, nonce)).toBe('Digest realm="Ocelli camera", nonce="a-nonce", algorithm=MD5, qop="auth"');
    expect(challenge(basic, nonce)).toBe('Basic realm="Ocelli camera"');
  });
});
