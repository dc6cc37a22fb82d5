import type { CameraStatus, ConnectorParts } from '../../connectors/index.ts';
import { SystemClock } from '../../engine/clock.ts';
import type { CameraSettings } from '../../engine/config/camera-settings.ts';
import { PixelPool } from '../../engine/frames/pixel-pool.ts';
import { SecretUrl } from '../../engine/secret.ts';
import { FFMPEG } from './builds.ts';
import type { Recorder } from './recorder.ts';

export function camera(url: string, more: Partial<CameraSettings> = {}): CameraSettings {
  const usual = { id: 'cam', enabled: true, fps: 10, freshnessMs: 500, transport: 'tcp', pace: 'fast' } as const;
  return { ...usual, url: new SecretUrl(url), ...more };
}

/** What a connector needs, with everything that it says kept. */
export interface TestParts extends ConnectorParts {
  readonly statuses: CameraStatus[];
  readonly sentences: string[];
}

const MODEL = {
  provenance: { name: 'm', version: '1', sha256: '0'.repeat(64), dataset: 'd' },
  classes: ['thing'],
  input: { width: 320, height: 192, pad: 114 },
};

export function parts(sink: Recorder, more: Partial<ConnectorParts> = {}): TestParts {
  const statuses: CameraStatus[] = [];
  const sentences: string[] = [];
  let session = 0;
  return {
    ffmpeg: FFMPEG,
    model: MODEL,
    settings: { hash: 'one', settings: { fps: 10 } },
    sink,
    sessions: {
      beginLive: async () => {
        session += 1;
        return session;
      },
      beginRecording: async () => ({ session: 1, ended: false, resumed: false }),
      endRecording: async () => undefined,
      closeRecording: async () => undefined,
    },
    recorded: () => undefined,
    pool: new PixelPool(16 * 1024 * 1024),
    clock: new SystemClock(),
    random: () => 0.5,
    onStatus: (status) => void statuses.push(status),
    log: (_level, sentence) => void sentences.push(sentence),
    ...more,
    statuses,
    sentences,
  };
}
