import type { CameraStatus } from '../connectors/index.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { openFrameSinks, openViewSender } from '../engine/frames/kafka-door.ts';
import { CameraMetrics } from './camera-metrics.ts';
import { Connecting } from './connecting.ts';
import { frameBusOptions } from './frame-bus-options.ts';
import type { RoleFacts } from './member-facts.ts';
import { PassingTrouble } from './passing-trouble.ts';
import type { Role, RoleParts } from './role.ts';
import { Supervised } from './supervised.ts';

/** Of each camera the others hear so many of the decoder's last lines. */
const LINES_TOLD = 3;

/** The role connect: watches its share of the cameras and puts their frames, gaps and marks into the topic `frames`. */
export class ConnectRole implements Role {
  private readonly parts: RoleParts;
  private readonly supervised: Supervised<Connecting>;
  private readonly metrics: CameraMetrics;
  private readonly viewless: PassingTrouble;
  private configuration: Configuration;

  constructor(parts: RoleParts) {
    this.parts = parts;
    this.configuration = parts.configuration;
    this.metrics = new CameraMetrics(parts.metrics);
    this.viewless = new PassingTrouble(parts.logger, {
      met: 'Pictures for people cannot be sent; it is tried again, and records do not wait for it',
      over: 'Pictures for people are sent anew',
    });
    this.supervised = new Supervised({
      open: () => this.open(),
      clock: parts.clock,
      logger: parts.logger,
      failure: 'Frames could not be sent; the cameras of this process are left to others, and shared anew',
    });
    parts.member.announce(() => this.facts());
  }

  get failed(): Promise<never> {
    return this.supervised.failed;
  }

  start(): void {
    this.supervised.start();
  }

  waiting(): readonly string[] {
    const { running } = this.supervised;
    if (running === undefined) return ['the frame bus is being opened'];
    if (!running.hasLooked) return ['cameras are being shared out'];
    return running.statuses().flatMap(({ camera, state }) => (state === 'starting' ? [`${camera} is being opened`] : []));
  }

  /** A configuration that comes while the bus is being opened is taken then. */
  async apply(configuration: Configuration): Promise<unknown> {
    this.configuration = configuration;
    return this.supervised.running?.apply(configuration);
  }

  drain(): Promise<void> {
    return this.supervised.drain();
  }

  private async open(): Promise<Connecting> {
    const { parts } = this;
    const { member, configuration } = parts;
    const options = frameBusOptions(parts);
    const onTrouble = (error: unknown) => this.viewless.met(error);
    this.viewless.over();
    const frames = await openFrameSinks({ ...options, encoding: configuration.frames, observer: this.observer() });
    const views = await openViewSender({ ...options, leases: member.leases, onTrouble }).catch(async (error: unknown) => {
      await frames.close(0);
      throw error;
    });
    return new Connecting({ parts, frames, views, onStatus: (status) => this.onStatus(status) }, this.configuration);
  }

  private observer() {
    const { logger } = this.parts;
    return {
      away: (partition: number) =>
        logger.error({ partition }, 'Kafka is away; frames of live cameras become gaps, recordings wait, until it is back'),
      back: (partition: number) => logger.info({ partition }, 'Kafka is back; what was held is written'),
    };
  }

  private onStatus({ camera, state }: CameraStatus): void {
    this.parts.metrics.cameraUp(camera, state === 'running');
  }

  private facts(): RoleFacts {
    const statuses = this.supervised.running?.statuses() ?? [];
    this.metrics.observe(statuses);
    const cameras = statuses.map((status) => ({ ...status, lastLines: status.lastLines.slice(-LINES_TOLD) }));
    return { connect: { cameras, unreachable: this.supervised.running?.unreachable ?? [] } };
  }
}
