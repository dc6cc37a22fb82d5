import type { RunningSite, StartOptions } from '../engine/cli/application.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { ConfigurationFile } from '../engine/config/configuration-file.ts';
import { CameraEditor } from '../ui/server/cameras/camera-editor.ts';
import { Analysis } from './analysis.ts';
import { FollowedConfiguration } from './followed-configuration.ts';
import { openMember } from './open-member.ts';
import { openWithModel } from './open-with-model.ts';
import { OPERATORS } from './operator-settings.ts';
import { cameraProbe } from './probe.ts';
import { refuseMissing, refuseWithoutRecordings } from './recordings-to-end.ts';
import { openSiteServer } from './site-server.ts';
import { SupervisedIngestion } from './supervised-ingestion.ts';
import { WorkAlone } from './work-alone.ts';

/**
 * Starts a whole site: everything in this process, unless told otherwise on one SQLite file.
 *
 *   cameras ─▶ ingestion ─▶ detections ─▶ analysis ─▶ tracks        server: live view, health, metrics, topics
 */
export async function startSite(configuration: Configuration, options: StartOptions): Promise<RunningSite> {
  const { file, untilEnd, fixed } = options;
  if (untilEnd) refuseWithoutRecordings(configuration, file);
  const parts = await openWithModel(configuration, options, { detects: true });
  const analysis = new Analysis(parts);
  const ingestion = new SupervisedIngestion(parts);
  const member = openMember(parts, { version: options.version, roles: ['all'], configuration: () => ingestion.asked });
  member.announce(() => ({
    connect: { cameras: ingestion.statuses().map((status) => ({ ...status, lastLines: [] })), unreachable: [] },
    analyse: analysis.facts.tell(),
  }));
  const followed = new FollowedConfiguration(parts, { file, operators: OPERATORS, apply: (next) => ingestion.apply(next) });
  const cameras = new CameraEditor({
    file: new ConfigurationFile(file, { operators: OPERATORS }),
    ...(fixed === undefined ? {} : { fixed }),
    apply: () => followed.read(),
    probe: cameraProbe(parts.ffmpeg, parts.clock),
  });
  // Before the server: what takes longest, loading the model, is done by other threads meanwhile.
  const work = new WorkAlone(member, [ingestion, analysis], parts.clock);
  const server = await openSiteServer(parts, member, ingestion, cameras).catch(async (error: unknown) => {
    await work.end();
    await parts.close();
    throw error;
  });
  const stopWatching = fixed === undefined ? followed.watch() : () => {};
  const ended = untilEnd ? [ingestion.recordingsEnded.then(refuseMissing)] : [];
  return {
    url: server.url,
    finished: Promise.race([work.failed(server.url), ...ended]),
    drain: async () => {
      stopWatching();
      await work.end();
      await server.close();
      await parts.close();
    },
  };
}
