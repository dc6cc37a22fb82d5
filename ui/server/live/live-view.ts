import type { Clock } from '../../../engine/clock.ts';
import type { ViewStore } from '../../../engine/frames/view-store.ts';
import type { LogReader } from '../../../engine/log/log.ts';
import type { Logger } from '../../../engine/observe/logger.ts';
import type { AlertRecord } from '../../../engine/records/record.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { redactUrls } from '../../../engine/secret.ts';
import type { CameraFacts, KeptPicture } from '../../protocol.ts';
import { AlertPictures } from './alert-pictures.ts';
import { CameraAccount } from './camera-account.ts';
import { LiveHub } from './live-hub.ts';
import type { LiveSite, SiteCamera } from './live-site.ts';
import type { PictureFolder } from './picture-folder.ts';
import { TopicTail } from './topic-tail.ts';
import type { OpenTracksFeed, TracksFeed } from './tracks-feed.ts';

const SHED_SECONDS = 60;

export interface LiveViewOptions {
  readonly log: LogReader;
  readonly views: ViewStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly site: LiveSite;
  /** Where the pictures of alerts are kept. */
  readonly pictures: PictureFolder;
  /** Where `tracks` come from; all of them as they are committed, unless told otherwise. */
  readonly tracks?: OpenTracksFeed;
}

/**
 * Everything that people see of a running site: follows what is committed, keeps an account of each camera, and gives pictures to the
 * hub. A consumer of topics like any other: nothing waits for it.
 *
 *   tracks ─▶ accounts (history, latencies, losses)        ─▶ /api/…
 *          └▶ hub ◀─ views, by place                       ─▶ /ws
 *   alerts ─▶ whoever listens                              ─▶ /ws
 *          └▶ pictures that are kept                       ─▶ /api/pictures, /ws
 */
export class LiveView {
  readonly hub: LiveHub;
  readonly site: LiveSite;
  readonly clock: Clock;
  readonly pictures: PictureFolder;
  private readonly alertPictures: AlertPictures;
  private readonly accounts = new Map<string, CameraAccount>();
  private readonly alertListeners = new Set<(alert: AlertRecord) => void>();
  private readonly pictureListeners = new Set<(picture: KeptPicture) => void>();
  private keeping: Promise<void> = Promise.resolve();
  private readonly tracks: TracksFeed;
  private readonly alerts: TopicTail<'alerts'>;

  constructor({ log, views, clock, logger, site, pictures, tracks = allTracks({ log, clock, logger }) }: LiveViewOptions) {
    this.site = site;
    this.clock = clock;
    this.pictures = pictures;
    this.hub = new LiveHub({ clock, views, logger });
    this.alertPictures = new AlertPictures(this.hub, pictures, logger);
    this.tracks = tracks((record) => this.take(record));
    this.alerts = new TopicTail({ log, topic: 'alerts', clock, logger, onRecord: (alert) => this.tell(alert) });
  }

  /** What the records of a camera told; `undefined` for a camera that is not in the configuration. */
  account(camera: string): CameraAccount | undefined {
    if (!this.ids().has(camera)) return undefined;
    this.tracks.asked(camera);
    return this.accountOf(camera);
  }

  /** Browsers watch other cameras than before, or there are others. */
  watchingChanged(): void {
    this.tracks.watch(new Set([...this.hub.viewers].flatMap((viewer) => [...viewer.cameras])));
  }

  ids(): ReadonlySet<string> {
    return new Set(this.site.cameras().map(({ id }) => id));
  }

  cameras(): CameraFacts[] {
    return this.site.cameras().map((camera) => this.factsOf(camera));
  }

  /** Calls back for each alert that is committed; the returned function ends it. */
  onAlert(listener: (alert: AlertRecord) => void): () => void {
    this.alertListeners.add(listener);
    return () => this.alertListeners.delete(listener);
  }

  /** Calls back for each picture that is kept; the returned function ends it. */
  onPicture(listener: (picture: KeptPicture) => void): () => void {
    this.pictureListeners.add(listener);
    return () => this.pictureListeners.delete(listener);
  }

  async close(): Promise<void> {
    await Promise.all([this.tracks.stop(), this.alerts.stop()]);
    await this.keeping;
  }

  private take(record: RecordOf<'tracks'>): void {
    this.accountOf(record.camera).take(record);
    if (record.type === 'tracks') this.hub.frame(record);
  }

  private tell(alert: AlertRecord): void {
    for (const listener of this.alertListeners) listener(alert);
    this.keeping = this.keeping.then(() => this.keepPicture(alert));
  }

  private async keepPicture(alert: AlertRecord): Promise<void> {
    const picture = await this.alertPictures.take(alert);
    if (picture === undefined) return;
    for (const listener of this.pictureListeners) listener(picture);
  }

  private accountOf(camera: string): CameraAccount {
    const account = this.accounts.get(camera) ?? new CameraAccount(this.clock);
    this.accounts.set(camera, account);
    return account;
  }

  private factsOf({ status, enabled, ...camera }: SiteCamera): CameraFacts {
    const { history, lastFrameAt } = this.accountOf(camera.id);
    const { state, since, nextTryAt, fps, ...why } = status ?? { state: enabled ? 'starting' : 'disabled', since: 0, fps: 0 };
    // While it is opened anew its status has no cause; what its records told last holds until a picture comes.
    const { cause, detail } = { ...(state === 'starting' && history.down()), ...why };
    return {
      ...camera,
      state,
      since,
      fps: Math.round(fps * 10) / 10,
      ...(cause === undefined ? {} : { cause }),
      ...(detail === undefined ? {} : { detail: redactUrls(detail) }),
      ...(nextTryAt === undefined ? {} : { nextTryAt }),
      ...(lastFrameAt === undefined ? {} : { lastFrameAt }),
      shed: history.shed(SHED_SECONDS),
    };
  }
}

function allTracks(options: Pick<LiveViewOptions, 'log' | 'clock' | 'logger'>): OpenTracksFeed {
  return (onRecord) => {
    const tail = new TopicTail({ ...options, topic: 'tracks', onRecord });
    return { watch: () => {}, asked: () => {}, stop: () => tail.stop() };
  };
}
