import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findFfmpeg } from '../../connectors/index.ts';
import { SystemClock } from '../../engine/clock.ts';
import { configurationSchema } from '../../engine/config/configuration.ts';
import { resolveCameras } from '../../engine/config/resolve-cameras.ts';
import type { Detected } from '../../engine/contract/detection.ts';
import type { BatchOperator } from '../../engine/contract/operator.ts';
import type { Frame } from '../../engine/frames/frame.ts';
import { MemoryFrameBus } from '../../engine/frames/memory-frame-bus.ts';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import { silentLogger } from '../../engine/observe/logger.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { DetectStage } from '../../engine/runtime/detect/detect-stage.ts';
import { loadModel } from '../../operators/detect/index.ts';
import { Analysis } from '../../site/analysis.ts';
import { camerasOfOneProcess } from '../../site/camera-set.ts';
import { DetectMetrics } from '../../site/detect-metrics.ts';
import { openSiteParts } from '../../site/site-parts.ts';
import type { SiteCamera } from '../../test/end-to-end/site-process.ts';

export interface InProcessSite {
  /** The file of its log. */
  readonly database: string;
  /** Resolves when every recording was read to its end. */
  readonly ended: Promise<void>;
  /** Ends the cameras; resolves when everything is detected, followed and committed. */
  commitAll(): Promise<void>;
  /** As `commitAll`, then closes. @returns the records of `detections` */
  drain(): Promise<RecordOf<'detections'>[]>;
}

/** The embedded deployment as `site/` composes it, without a server, around another detection operator. */
export async function startInProcess(cameras: readonly SiteCamera[], operator: BatchOperator<Frame, Detected>): Promise<InProcessSite> {
  const file = join(mkdtempSync(join(tmpdir(), 'ocelli-bench-')), 'ocelli.yaml');
  const configuration = configurationSchema({}, file).parse({ cameras, model: resolve('models/parcels') });
  const [model, ffmpeg, clock] = [await loadModel(configuration.model), await findFfmpeg(), new SystemClock()];
  const parts = await openSiteParts({ configuration, file, logger: silentLogger, clock, model, ffmpeg });
  const { pool, log, metrics } = parts;
  const bus = new MemoryFrameBus({ clock, shed: (frame) => pool.giveBack(frame.pixels) });
  const ended = Promise.withResolvers<void>();
  const set = camerasOfOneProcess(parts, bus, () => {
    if (set.reading === 0) ended.resolve();
  });
  const observers = [new DetectMetrics(metrics, pool, clock, silentLogger)];
  const done = new DetectStage({ source: bus.source(), operator, model, log, clock, observers }).run();
  const analysis = new Analysis(parts);
  analysis.start();
  await set.apply(resolveCameras(configuration), configuration);
  const commitAll = async () => {
    await set.stopAll();
    bus.close();
    await done;
    await analysis.drain();
  };
  return {
    database: parts.dataFile,
    ended: ended.promise,
    commitAll,
    drain: async () => {
      await commitAll();
      const request = { from: 'beginning', follow: false, signal: new AbortController().signal } as const;
      const records = await Array.fromAsync(await streamTopic(log, 'detections', request));
      await parts.close();
      return records;
    },
  };
}
