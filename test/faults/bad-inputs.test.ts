import { describe, expect, it } from 'vitest';
import { readCameraUrl } from '../../engine/config/camera-url.ts';
import { parseConfiguration } from '../../engine/config/read-configuration.ts';
import { trackSettings } from '../../operators/track/index.ts';

describe('the address of a file', () => {
  it.each(['file:///etc/passwd', 'file:clips/dock.mp4', 'FILE:/etc/passwd'])('is refused when it comes over the network: %s', (address) => {
    expect(() => readCameraUrl(address)).toThrow(/over the network only rtsp:\/\/ and rtsps:\/\//);
  });
});

describe('1.5', () => {
  it.each(['highScore', 'lowScore', 'startScore'])('is refused as a threshold, with line and column: track.%s', (key) => {
    const read = () => parseConfiguration(`track:\n  ${key}: 1.5\n`, '/site/ocelli.yaml', { operators: { track: trackSettings } });
    expect(read).toThrow(new RegExp(`^/site/ocelli\\.yaml:2:\\d+: track\\.${key} expected at most 1; got 1\\.5$`, 'm'));
  });
});
