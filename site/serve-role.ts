import type { Configuration } from '../engine/config/configuration.ts';
import { ConfigurationFile } from '../engine/config/configuration-file.ts';
import { sentenceOf } from '../engine/errors.ts';
import { openViewReceiver } from '../engine/frames/kafka-door.ts';
import type { ViewReceiver } from '../engine/frames/kafka-views.ts';
import { CameraEditor } from '../ui/server/cameras/camera-editor.ts';
import { WatchedTracks } from '../ui/server/live/watched-tracks.ts';
import { Cluster } from './cluster.ts';
import { statusesOf } from './cluster-answer.ts';
import { frameBusOptions } from './frame-bus-options.ts';
import { type Listening, listen } from './listen.ts';
import { liveSite } from './live-view.ts';
import { OPERATORS } from './operator-settings.ts';
import { cameraProbe } from './probe.ts';
import type { Role, RoleParts, RoleServer } from './role.ts';

/** Trouble with pictures comes many times a second, and nobody hears when it is over. */
const TELL_AGAIN_MS = 60_000;

interface Serving {
  readonly server: Listening;
  readonly receiver: ViewReceiver;
  readonly cluster: Cluster;
  readonly asked: Asked;
}

interface Asked {
  configuration: Configuration;
}

/**
 * Pages and API, in any number of processes: everything that they show comes from the topics and from what the other members say, so a
 * browser may change from one to another at any time. Edits of cameras go into the configuration file of this process.
 */
export class ServeRole implements Role {
  readonly failed = new Promise<never>(() => {});
  readonly server: RoleServer;
  private readonly cluster: Cluster;
  private readonly asked: Asked;

  /** Its server answers before it is started: the other members are to hear where. */
  static async open(parts: RoleParts): Promise<ServeRole> {
    const asked: Asked = { configuration: parts.configuration };
    const cluster = new Cluster({ parts, member: parts.member, configuration: () => asked.configuration });
    const site = liveSite(parts, {
      configuration: () => asked.configuration,
      statuses: () => statusesOf(cluster.members),
      workers: () => workersOf(cluster),
    });
    const { log, clock, logger } = parts;
    const receiver = await openReceiver(parts);
    const server = await listen({
      parts,
      site,
      cameras: editorOf(parts),
      cluster,
      readiness: parts.readiness,
      observe: () => {},
      tracks: (onRecord) => new WatchedTracks({ log, clock, logger, onRecord, watchViews: (camera) => receiver.watch(camera) }),
    });
    return new ServeRole(parts, { server, receiver, cluster, asked });
  }

  private constructor(parts: RoleParts, { server, receiver, cluster, asked }: Serving) {
    const close = async () => {
      await server.close();
      await receiver.close();
    };
    this.server = { url: server.url, close };
    this.cluster = cluster;
    this.asked = asked;
    parts.member.announce(() => ({ serve: { watchers: server.viewers() } }));
  }

  start(): void {
    this.cluster.start();
  }

  waiting(): readonly string[] {
    return this.cluster.hasLooked ? [] : ['the other members have not been heard of yet'];
  }

  async apply(configuration: Configuration): Promise<void> {
    this.asked.configuration = configuration;
  }

  /** Its server is closed last, by whoever closes the servers of all roles. */
  async drain(): Promise<void> {
    this.cluster.stop();
  }
}

/** A camera's process sends its pictures only while somebody says that he watches. */
function openReceiver(parts: RoleParts): Promise<ViewReceiver> {
  const { logger, member, views, clock } = parts;
  let quietUntilMs = 0;
  const onTrouble = (error: unknown) => {
    if (clock.monotonic() < quietUntilMs) return;
    quietUntilMs = clock.monotonic() + TELL_AGAIN_MS;
    logger.warn({ error: sentenceOf(error) }, 'Pictures for people do not come; it is tried again');
  };
  return openViewReceiver({ ...frameBusOptions(parts), leases: member.leases, views, onTrouble });
}

function workersOf({ members }: Cluster): number {
  return [...members.values()].reduce((sum, facts) => sum + (facts?.detect?.workers ?? 0), 0);
}

function editorOf({ file, ffmpeg, clock, readConfiguration }: RoleParts): CameraEditor {
  return new CameraEditor({
    file: new ConfigurationFile(file, { operators: OPERATORS }),
    apply: readConfiguration,
    probe: cameraProbe(ffmpeg, clock),
  });
}
