import type { Clock } from '../../engine/clock.ts';
import type { Reason } from '../cause.ts';
import type { AccessUnit } from './access-unit.ts';
import { type Codec, codecOf } from './codecs.ts';
import { PictureTimes } from './picture-times.ts';
import { RtpReceiver } from './rtp-receiver.ts';
import { type RtspAddress, readRtspAddress } from './rtsp-address.ts';
import { RtspConnection } from './rtsp-connection.ts';
import { RtspProblem, reasonOf } from './rtsp-problem.ts';
import { RtspSession } from './rtsp-session.ts';
import { readDescription, type VideoDescription } from './session-description.ts';
import { type Transport, tcpTransport, udpTransport } from './transport.ts';

/** How long a camera may take to say that it has heard that nobody watches any more. */
const TEARDOWN_LIMIT_MS = 1000;

/** Some cameras send before they have answered PLAY, and the first picture is the one that matters. */
const EARLY_LIMIT = 64;

/** What a decoder must know before the first picture. */
export interface SourceDescription {
  readonly fourcc: string;
  /** As the camera says. */
  readonly fps?: number;
}

export interface SourceEvents {
  /** It plays; pictures follow. */
  playing(description: SourceDescription): void;
  /** A packet of video came. `begins`: it is the first of a picture. */
  packet(begins: boolean): void;
  /** A picture, and when it was caught by the camera's own order: milliseconds by the monotonic clock. */
  picture(unit: AccessUnit, timeMs: number): void;
  /** Of a picture something was lost on the way, or makes no sense. */
  damaged(): void;
  /** Packets that never came. */
  lost(packets: number): void;
  /** Once, last: nothing is open any more. */
  ended(reason: Reason): void;
}

/**
 * A camera's pictures over RTSP (RFC 2326), one opening:
 *
 *   describe ─▶ set up ─▶ play ─▶ playing ──close──▶ tear down (1 s at most) ─▶ ended
 *      └───────────┴─────────┴───────┴──────── any failure ───────────────────────▲
 */
export class RtspSource {
  private readonly address: RtspAddress;
  private readonly kind: 'tcp' | 'udp';
  private readonly clock: Clock;
  private readonly events: SourceEvents;
  private readonly connection: RtspConnection;
  private transport: Transport | undefined;
  private session: RtspSession | undefined;
  private receiver: RtpReceiver | undefined;
  private early: (() => void)[] = [];
  private state: 'opening' | 'playing' | 'closing' | 'ended' = 'opening';

  /** @param url with user and password. Opens at once. */
  constructor(url: string, kind: 'tcp' | 'udp', clock: Clock, events: SourceEvents) {
    this.address = readRtspAddress(url);
    this.kind = kind;
    this.clock = clock;
    this.events = events;
    this.connection = new RtspConnection(this.address, clock, {
      data: (channel, bytes, readMs) => this.data(channel, bytes, readMs),
      lost: (error) => this.end(error),
    });
    this.open().catch((error: unknown) => {
      if (this.state === 'opening') this.end(error);
    });
  }

  /** Nobody watches any more. `ended` follows, after a second at the latest. */
  close(): void {
    if (this.state === 'ended' || this.state === 'closing') return;
    this.state = 'closing';
    const closed = () => this.end(new RtspProblem('ended', 'given up'));
    if (this.session === undefined) closed();
    else this.tearDown(this.session, closed);
  }

  private tearDown(session: RtspSession, closed: () => void): void {
    const cancel = this.clock.after(TEARDOWN_LIMIT_MS, closed);
    const answered = () => {
      cancel();
      closed();
    };
    session.tearDown().then(answered, answered);
  }

  private async open(): Promise<void> {
    const { description, codec } = await this.describe();
    const transport = await this.openTransport();
    const answer = await this.connection.request('SETUP', description.setupUrl, { Transport: transport.offer });
    if (this.state !== 'opening') return;
    transport.accept(answer);
    this.receiver = this.newReceiver(description, codec, transport);
    this.session = new RtspSession(this.connection, this.clock, answer, description.playUrl);
    await this.session.play();
    if (this.state !== 'opening') return;
    this.state = 'playing';
    this.events.playing({ fourcc: codec.fourcc, ...(description.fps === undefined ? {} : { fps: description.fps }) });
    for (const tell of this.early.splice(0)) tell();
  }

  /** Nobody is told of a picture before `playing`. */
  private picture(unit: AccessUnit, timeMs: number): void {
    const tell = () => this.events.picture(unit, timeMs);
    if (this.state === 'playing') tell();
    else if (this.early.length < EARLY_LIMIT) this.early.push(tell);
  }

  private async describe(): Promise<{ description: VideoDescription; codec: Codec }> {
    const { url } = this.address;
    const { headers, body } = await this.connection.request('DESCRIBE', url, { Accept: 'application/sdp' });
    const base = headers.get('content-base')?.[0] ?? headers.get('content-location')?.[0] ?? url;
    const description = readDescription(body, base);
    return { description, codec: codecOf(description) };
  }

  private async openTransport(): Promise<Transport> {
    const hears = {
      rtp: (packet: Buffer) => this.receiver?.rtp(packet, this.clock.monotonic()),
      rtcp: (packet: Buffer) => this.rtcp(packet, this.clock.monotonic()),
    };
    const transport = this.kind === 'tcp' ? tcpTransport(this.connection) : await udpTransport(this.connection, hears);
    this.transport = transport;
    if (this.state !== 'opening') transport.close();
    return transport;
  }

  private newReceiver({ codec: name, payloadType, clockRate }: VideoDescription, codec: Codec, transport: Transport): RtpReceiver {
    const { events, clock } = this;
    const times = new PictureTimes(clockRate);
    const pictures = codec.depacketizer({
      unit: (unit) => this.picture(unit, times.next(unit)),
      damaged: () => events.damaged(),
      changed: () => this.end(new RtspProblem('codec', `the camera described ${name} and sends something else: its codec was changed`)),
    });
    const told = {
      packet: (begins: boolean) => events.packet(begins),
      lost: (packets: number) => events.lost(packets),
      report: (packet: Buffer) => transport.sendRtcp(packet),
      changed: (now: number) => this.end(new RtspProblem('codec', changedType(payloadType, now))),
    };
    return new RtpReceiver({ payloadType, clockRate, reorders: this.kind === 'udp' }, clock, pictures, told);
  }

  private data(channel: number, bytes: Buffer, readMs: number): void {
    const kind = this.transport?.interleaved(channel);
    if (kind === 'rtp') this.receiver?.rtp(bytes, readMs);
    if (kind === 'rtcp') this.rtcp(bytes, readMs);
  }

  private rtcp(packet: Buffer, readMs: number): void {
    const goodbye = this.receiver?.rtcp(packet, readMs) ?? false;
    if (goodbye) this.end(new RtspProblem('ended', 'the camera says that its stream ends'));
  }

  /** Closes everything that is open, and tells it once. */
  private end(error: unknown): void {
    if (this.state === 'ended') return;
    const played = this.state === 'playing';
    this.state = 'ended';
    this.session?.stop();
    this.receiver?.stop();
    this.transport?.close();
    this.connection.destroy();
    const reason = reasonOf(error, this.address);
    this.events.ended(played && reason.cause === 'refused' ? { ...reason, cause: 'ended' } : reason);
  }
}

/** The next opening reads a new description, and takes what is sent by then. */
function changedType(described: number, sent: number): string {
  return `the camera described payload type ${described} and sends ${sent}: its codec was changed`;
}
