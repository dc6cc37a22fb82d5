import { monitorEventLoopDelay } from 'node:perf_hooks';
import { redactUrls } from '../../../engine/secret.ts';
import type { CameraHealthFacts, HealthAnswer } from '../../health.ts';
import type { SiteCamera } from './live-site.ts';
import type { LiveView } from './live-view.ts';
import { LogForecast } from './log-forecast.ts';

const RESOLUTION_MS = 10;
/** The histogram of the event loop begins anew after so long: a pause of yesterday is no health of today. */
const LOOP_WINDOW_MS = 30_000;

/** Answers `GET /api/health`: what somebody on call asks first, from what is measured all the time anyway. */
export class SiteHealth {
  private readonly live: LiveView;
  private readonly loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly forecast: LogForecast;
  private readonly startedMs: number;
  private loopSinceMs: number;

  constructor(live: LiveView) {
    this.live = live;
    this.forecast = new LogForecast(live.clock, () => live.site.log());
    this.startedMs = live.clock.monotonic();
    this.loopSinceMs = this.startedMs;
    this.loop.enable();
  }

  answer(viewers: number): HealthAnswer {
    const { site, clock, hub } = this.live;
    const { rss, heapUsed } = process.memoryUsage();
    return {
      now: clock.now(),
      uptimeMs: Math.round(clock.monotonic() - this.startedMs),
      cameras: site.cameras().map((camera) => this.camera(camera)),
      viewers,
      workers: site.workers(),
      log: this.forecast.facts(),
      pictures: this.live.pictures.facts(),
      memory: { rssBytes: rss, heapBytes: heapUsed, viewBytes: hub.viewBytes },
      eventLoop: this.eventLoop(),
    };
  }

  close(): void {
    this.loop.disable();
    this.forecast.close();
  }

  private camera({ id, status, enabled }: SiteCamera): CameraHealthFacts {
    const account = this.live.account(id);
    const seconds = account?.history.list() ?? [];
    return {
      id,
      state: status?.state ?? (enabled ? 'starting' : 'disabled'),
      frames: status?.frames ?? 0,
      looked: seconds.reduce((sum, { frames }) => sum + frames, 0),
      jpegs: this.live.hub.encoded(id),
      dropped: account?.history.shed(Number.POSITIVE_INFINITY) ?? {},
      latency: account?.latencies() ?? {},
      restarts: status?.restarts ?? {},
      decodeErrors: status?.decodeErrors ?? 0,
      lastLines: (status?.lastLines ?? []).map(redactUrls),
    };
  }

  /** The monitor counts its own timer's period as delay; what is above it is the loop's. */
  private eventLoop(): HealthAnswer['eventLoop'] {
    const late = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? Math.max(0, round(nanoseconds / 1e6 - RESOLUTION_MS)) : 0);
    const facts = { p50: late(this.loop.percentile(50)), p99: late(this.loop.percentile(99)), max: late(this.loop.max) };
    if (this.live.clock.monotonic() - this.loopSinceMs > LOOP_WINDOW_MS) {
      this.loop.reset();
      this.loopSinceMs = this.live.clock.monotonic();
    }
    return facts;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
