import { describe, expect, it } from 'vitest';
import type { CameraKeys } from '../../../ui/cameras.ts';
import { readCredentials, splitAddress, writeCredentials } from '../../../ui/web/src/cameras/camera-address.ts';
import { addition, changes, type FormValues, NEW_CAMERA, urlOf, valuesOf } from '../../../ui/web/src/cameras/form-values.ts';

const STORED: CameraKeys = {
  ...{ id: 'dock', url: 'rtsp://***@192.0.2.1/s', enabled: true, fps: 5, freshness: 500, transport: 'tcp' },
  ...{ pace: 'fast', view: 640 },
};
const changed = (next: Partial<FormValues>, settings = STORED) => {
  const before = valuesOf(settings);
  return changes({ ...before, ...next }, before);
};

describe('what the form sends', () => {
  it('for a new camera is what differs from the defaults, numbers as numbers', () => {
    const values = { ...NEW_CAMERA, id: ' dock ', address: 'rtsp://192.0.2.1/s ', fps: '2.5', view: 'off', freshness: 'soon' };
    expect(addition(values)).toEqual({ id: 'dock', url: 'rtsp://192.0.2.1/s', fps: 2.5, view: false, freshness: 'soon' });
  });

  it('for a camera that is there is what was changed, and nothing when nothing was', () => {
    expect(changed({})).toEqual({});
    expect(changed({ fps: '10', view: 'off' })).toEqual({ fps: 10, view: false });
    expect(changed({ fps: '' })).toEqual({ fps: '' });
  });

  it('keeps what is stored with another path, replaces it, or takes it out', () => {
    expect(changed({ address: 'rtsp://192.0.2.1/t' })).toEqual({ url: 'rtsp://***@192.0.2.1/t' });
    expect(changed({ kept: undefined, user: 'ada', password: 'p@s s' })).toEqual({ url: 'rtsp://ada:p%40s%20s@192.0.2.1/s' });
    expect(changed({ kept: undefined, password: 'new' })).toEqual({ url: 'rtsp://***:new@192.0.2.1/s' });
    expect(changed({ kept: undefined })).toEqual({ url: 'rtsp://192.0.2.1/s' });
  });

  it('leaves a reference as it is, and escapes what only looks like one', () => {
    expect(writeCredentials({ user: '${U_1}', password: '${PW}' })).toBe('${U_1}:${PW}');
    expect(writeCredentials({ user: 'a', password: '${PW}x' })).toBe('a:%24%7BPW%7Dx');
    expect(urlOf({ ...NEW_CAMERA, address: 'rtsps://h/s', user: 'a' })).toBe('rtsps://a@h/s');
  });

  it('has user and password of a pasted address in their fields', () => {
    const { address, credentials = '' } = splitAddress(' rtsp://ada:p%40s/w@d@192.0.2.1:8554/s?x=1 ');
    expect([address, readCredentials(credentials)]).toEqual(['rtsp://192.0.2.1:8554/s?x=1', { user: 'ada', password: 'p@s/w@d' }]);
    expect(splitAddress('192.0.2.1')).toEqual({ address: '192.0.2.1', credentials: undefined });
  });
});
