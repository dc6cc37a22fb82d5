import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CameraStatus } from '../../connectors/index.ts';
import { Metrics } from '../../engine/observe/metrics.ts';
import { CameraMetrics } from '../../site/camera-metrics.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function status(decodeErrors: number, refused: number): CameraStatus {
  const counters = {
    frames: 0,
    packets: 0,
    lostPackets: 10 * decodeErrors,
    decodeErrors,
    skippedPictures: 2 * decodeErrors,
    truncatedFrames: decodeErrors,
    skippedMessageBytes: 0,
    restarts: { refused },
  };
  return { camera: 'dock', state: 'running', since: 0, fps: 10, counters, lastLines: [] };
}

describe('what cameras count themselves', () => {
  let metrics: Metrics;
  let cameras: CameraMetrics;
  let file: string;

  beforeEach(() => {
    file = join(temporaryFolder(), 'ocelli.db');
    metrics = new Metrics();
    cameras = new CameraMetrics(metrics, file);
  });

  const told = async () => (await metrics.registry.metrics()).split('\n');

  it('is counted once, however often it is asked for', async () => {
    for (const camera of [status(3, 1), status(3, 1), status(5, 2)]) cameras.observe([camera]);
    expect(await told()).toContain('ocelli_decode_errors_total{camera="dock"} 5');
    expect(await told()).toContain('ocelli_camera_restarts_total{camera="dock",cause="refused"} 2');
  });

  it('has what never became a frame, by kind', async () => {
    for (const camera of [status(3, 0), status(5, 0)]) cameras.observe([camera]);
    const losses = (await told()).filter((line) => line.startsWith('ocelli_source_losses_total{'));
    expect(losses).toEqual(
      Object.entries({ packet: 50, picture: 10, frame: 5 }).map(
        ([kind, count]) => `ocelli_source_losses_total{camera="dock",kind="${kind}"} ${count}`,
      ),
    );
  });

  it('goes on from where it was when the camera begins to count anew', async () => {
    for (const camera of [status(5, 2), status(1, 0), status(2, 1)]) cameras.observe([camera]);
    expect(await told()).toContain('ocelli_decode_errors_total{camera="dock"} 7');
    expect(await told()).toContain('ocelli_camera_restarts_total{camera="dock",cause="refused"} 3');
  });

  it('comes with the size of the log and what is written ahead', async () => {
    writeFileSync(file, 'x'.repeat(1000));
    writeFileSync(`${file}-wal`, 'x'.repeat(234));
    cameras.observe([]);
    expect(await told()).toContain('ocelli_log_bytes 1234');
  });
});
