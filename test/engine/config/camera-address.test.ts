import { describe, expect, it } from 'vitest';
import { credentialReferences, otherReferences, restoreCredentials, shownAddress } from '../../../engine/config/camera-address.ts';
import { SecretUrl } from '../../../engine/secret.ts';

describe('an address is shown', () => {
  it.each([
    ['without its password', 'rtsp://viewer:s3cret@192.0.2.1:8554/s?x=1', 'rtsp://***@192.0.2.1:8554/s?x=1'],
    ['without a password of characters that an address would escape', 'rtsp://viewer:a/b#c@d@192.0.2.1/s', 'rtsp://***@192.0.2.1/s'],
    ['without a user alone', 'rtsp://viewer@h/s', 'rtsp://***@h/s'],
    ['with references', 'rtsp://${DOCK_USER}:${DOCK_PASSWORD}@h/s', 'rtsp://${DOCK_USER}:${DOCK_PASSWORD}@h/s'],
    ['with a reference beside a written user', 'rtsp://viewer:${PW}@h/s', 'rtsp://***:${PW}@h/s'],
    ['without what a reference falls back to', 'rtsp://${U:-admin}:${PW:-a/b@c}@h/${P:-x}', 'rtsp://${U}:${PW}@h/${P}'],
    ['without a password that only contains a reference', 'rtsp://u:pre${PW}@h/s', 'rtsp://***@h/s'],
    ['without a password in its path', 'rtsp://h/user=admin_password=tlJw_channel=1.sdp?real', 'rtsp://h/user=***?real'],
    ['without a password in its query', 'rtsp://h/s?user=admin&password=1234&channel=1', 'rtsp://h/s?user=***&password=***&channel=1'],
    ['as it is when it hides nothing', 'rtsps://[2001:db8::1]:322/s', 'rtsps://[2001:db8::1]:322/s'],
    ['as it is when it is a file', 'file:clips/a@b.mp4', 'file:clips/a@b.mp4'],
  ])('%s', (_name, stored, shown) => {
    expect(shownAddress(stored)).toBe(shown);
  });

  it('in the log without a password in its query', () => {
    expect(String(new SecretUrl('rtsp://h/s?password=1234'))).toBe('rtsp://h/s?password=***');
  });
});

describe('an address that comes back', () => {
  const STORED = 'rtsp://viewer:s3cret@192.0.2.1/s';

  it.each([
    ['as it was shown is the stored one', STORED, 'rtsp://***@192.0.2.1/s', STORED],
    ['with another path keeps user and password', STORED, 'rtsp://***@192.0.2.1:554/t', 'rtsp://viewer:s3cret@192.0.2.1:554/t'],
    ['with another user keeps the password', STORED, 'rtsp://admin:***@192.0.2.1/s', 'rtsp://admin:s3cret@192.0.2.1/s'],
    ['with a reference keeps the user', STORED, 'rtsp://***:${PW}@192.0.2.1/s', 'rtsp://viewer:${PW}@192.0.2.1/s'],
    ['with nothing hidden is taken as it is', STORED, 'rtsp://198.51.100.7/s', 'rtsp://198.51.100.7/s'],
    ['with a hidden path is the stored one', 'rtsp://h/s?password=12', 'rtsp://h/s?password=***', 'rtsp://h/s?password=12'],
  ])('%s', (_name, stored, given, expected) => {
    expect(restoreCredentials(given, stored)).toBe(expected);
  });

  it.each([
    ['for another host', 'rtsp://***@198.51.100.7/s', STORED, 'leads to another host'],
    ['for another port', 'rtsp://***@192.0.2.1:8554/s', STORED, 'leads to another host'],
    ['without encryption where there was some', 'rtsp://***@h/s', 'rtsps://a:b@h/s', 'leads to another host'],
    ['when nothing is stored', 'rtsp://***@h/s', 'rtsp://h/s', 'no user and password are stored'],
    ['for a new camera', 'rtsp://***@h/s', undefined, 'no user and password are stored'],
    ['in another place', 'rtsp://h/t?password=***', 'rtsp://h/s?password=12', 'write out what stands there'],
  ])('is refused %s', (_name, given, stored, sentence) => {
    expect(() => restoreCredentials(given, stored)).toThrow(sentence);
  });

  it('tells what it refers to, in the credentials and elsewhere', () => {
    const address = 'rtsp://${USER_1}:${PW:-x}@${HOST}/${PATH_1}';
    expect([credentialReferences(address), otherReferences(address)]).toEqual([
      ['USER_1', 'PW'],
      ['HOST', 'PATH_1'],
    ]);
  });
});
