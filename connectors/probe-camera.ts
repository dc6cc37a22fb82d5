import type { Clock } from '../engine/clock.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import type { FirstLook } from '../engine/config/probe-answer.ts';
import type { BusItem, Frame } from '../engine/frames/frame.ts';
import type { FrameSink } from '../engine/frames/frame-bus.ts';
import { PixelPool } from '../engine/frames/pixel-pool.ts';
import { encodeJpeg } from '../engine/pictures/picture.ts';
import type { MarkRecord } from '../engine/records/record.ts';
import type { Sessions } from '../engine/state/sessions.ts';
import type { CameraStatus, Cause } from './camera-status.ts';
import type { Connector, ConnectorParts } from './connector.ts';
import { createConnector } from './create-connector.ts';
import type { Ffmpeg } from './ffmpeg/find-ffmpeg.ts';

/** How long a camera may take to show a picture. */
export const PROBE_LIMIT_MS = 10_000;

/** The rate of a camera that does not say it is measured over so many pictures, or over those of a second. */
const MEASURED_PICTURES = 16;
const MEASURED_MS = 1000;
const VIEW_WIDTH = 640;
const JPEG_QUALITY = 80;

/** What came out of trying a camera. */
export type CameraProbe =
  | FirstLook
  | { readonly ok: false; readonly cause: Cause /** One sentence, without a secret. */; readonly detail: string };

interface ProbeParts {
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/**
 * Tries a camera exactly as it would be watched: opens it by its connector, waits for the first picture, and closes it. The answer comes
 * within `PROBE_LIMIT_MS` and the moment that closing takes.
 */
export async function probeCamera(
  { url, transport }: Pick<CameraSettings, 'url' | 'transport'>,
  { ffmpeg, clock, signal }: ProbeParts,
): Promise<CameraProbe> {
  const first = new FirstPicture(clock);
  const camera = { id: 'probe', url, transport, enabled: true, fps: 60, freshnessMs: PROBE_LIMIT_MS, pace: 'fast' } as const;
  const connector = createConnector({ ...camera, view: { width: VIEW_WIDTH, fps: 10 } }, partsOf(first, ffmpeg, clock));
  const cancel = clock.after(PROBE_LIMIT_MS, () => first.fail(tooLate(connector)));
  signal.addEventListener('abort', () => first.fail({ cause: 'timeout', detail: 'given up' }), { once: true });
  connector.start();
  try {
    return await first.picture;
  } finally {
    cancel();
    await connector.stop('shutdown');
  }
}

/** What the connector says goes here; the first picture, or the first failure, is the answer. */
class FirstPicture implements FrameSink {
  private readonly clock: Clock;
  private readonly answer = Promise.withResolvers<CameraProbe>();
  private source: NonNullable<MarkRecord['source']> | undefined;
  private first: Frame | undefined;
  private readonly times: number[] = [];
  private readonly beganMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.beganMs = clock.monotonic();
  }

  get picture(): Promise<CameraProbe> {
    return this.answer.promise;
  }

  put(item: BusItem): void {
    if (item.type === 'mark') this.source ??= item.source;
    if (item.type !== 'frame') return;
    this.times.push(item.time);
    if (this.first === undefined && item.view !== undefined) this.begin(item);
    if (this.times.length === MEASURED_PICTURES) this.show();
  }

  private begin(frame: Frame): void {
    this.first = frame;
    if (this.source?.fps === undefined) this.clock.after(MEASURED_MS, () => this.show());
    else this.show();
  }

  private show(): void {
    if (this.first?.view === undefined) return;
    const { image, view, time, arrivedMs } = this.first;
    const { codec, fps = rateOf(this.times) } = this.source ?? {};
    const said = { ...(codec === undefined ? {} : { codec }), ...(fps === undefined ? {} : { fps }) };
    const first = { time, tookMs: Math.round(arrivedMs - this.beganMs) };
    encodeJpeg(view, JPEG_QUALITY).then((jpeg) => this.answer.resolve({ ok: true, ...said, image, first, jpeg }), this.answer.reject);
  }

  room(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}

  fail({ cause, detail }: { readonly cause: Cause; readonly detail: string }): void {
    this.answer.resolve({ ok: false, cause, detail });
  }

  /** A camera that fails is not tried again here. */
  onStatus({ state, cause, detail }: CameraStatus): void {
    if (state !== 'backing-off' || cause === undefined) return;
    this.fail({ cause, detail: detail ?? cause });
  }
}

function rateOf(times: readonly number[]): number | undefined {
  const elapsedMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return times.length < 3 || elapsedMs === 0 ? undefined : Math.round(((times.length - 1) * 1000) / elapsedMs);
}

function tooLate(connector: Connector): { cause: Cause; detail: string } {
  const { packets } = connector.status().counters;
  const within = `within ${PROBE_LIMIT_MS / 1000} s`;
  if (packets === 0) return { cause: 'timeout', detail: `it sent nothing ${within}` };
  return { cause: 'timeout', detail: `it sends, but no whole picture came ${within}; its key frames may be further apart than that` };
}

/** Nothing of a probe is kept. */
const NO_SESSIONS: Sessions = {
  beginLive: async () => 1,
  beginRecording: async () => ({ session: 1, ended: false, resumed: false }),
  endRecording: async () => {},
  closeRecording: async () => {},
};

function partsOf(first: FirstPicture, ffmpeg: Ffmpeg, clock: Clock): ConnectorParts {
  return {
    ffmpeg,
    clock,
    model: {
      provenance: { name: 'none', version: '0', sha256: '0'.repeat(64), dataset: 'none' },
      classes: [],
      input: { width: 64, height: 64, pad: 0 },
    },
    settings: { hash: '', settings: {} },
    sink: first,
    sessions: NO_SESSIONS,
    recorded: () => undefined,
    pool: new PixelPool(0),
    random: () => 0,
    onStatus: (status) => first.onStatus(status),
    log: () => {},
  };
}
