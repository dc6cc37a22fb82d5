import { type Camera, followed, TICKS_PER_MS } from './camera.ts';
import { type Cursor, dueTicks, frameOf, joinAt } from './camera-playback.ts';
import { corrupter } from './corruption.ts';
import type { Order } from './faults.ts';
import { senderReport } from './rtcp.ts';
import { packetize, rtpPacket } from './rtp-packetizer.ts';
import type { RtpTransport } from './rtp-transport.ts';

/** What one viewer has got so far. */
export interface ViewerStats {
  readonly transport: 'tcp' | 'udp';
  /** Number of the frame that comes next, rising over the loops; null before the first. */
  readonly nextFrame: number | null;
  /** By how much this viewer sees the camera later than a viewer that was there from the start: it began at the newest key frame. */
  readonly delayMs: number | null;
  readonly framesSent: number;
  readonly framesSkipped: number;
  /** Sent, but not yet taken by the viewer or its system. */
  readonly waitingBytes: number;
}

/** Fits an Ethernet packet with all headers. */
const LARGEST_PAYLOAD_BYTES = 1400;
const REPORT_EVERY_TICKS = 5000 * TICKS_PER_MS;
/** With more than this waiting, a viewer gets nothing further: about a second of a good picture. */
const CONGESTED_BYTES = 256 * 1024;
/** A viewer that is further behind goes on at a key frame. */
const LARGEST_LAG_TICKS = 1000 * TICKS_PER_MS;

/**
 * Sends a camera's frames to one viewer when they are due, each viewer on a schedule of its own (see joinAt).
 *
 *   stopped ──begin──▶ slow start ──▶ sending ◀──▶ held (freeze, burst, congestion)
 *      ▲                   └─────────────┴───────────┘
 *      └─────────────────────────stop
 */
export class RtpSender {
  readonly #camera: Camera;
  readonly #transport: RtpTransport;
  readonly #ssrc: number;
  #sequence: number;
  /** Added to the ticks of the clock: the RTP time starts at random. */
  readonly #timestampOffset: number;
  #cursor: Cursor | undefined;
  #running = false;
  #frozen = false;
  /** The end of a slow start. */
  #startTicks = 0;
  #cancelWake = () => {};
  #corrupt: (packet: Buffer) => void = () => {};
  #reportedTicks = Number.NEGATIVE_INFINITY;
  readonly #sent = { frames: 0, skipped: 0, packets: 0, payloadBytes: 0 };

  /** `random32` gives the SSRC, the first sequence number and the first timestamp. */
  constructor(camera: Camera, transport: RtpTransport, random32: () => number) {
    this.#camera = camera;
    this.#transport = transport;
    this.#ssrc = random32();
    this.#sequence = random32() & 0xffff;
    this.#timestampOffset = random32() - camera.nowTicks;
    this.#throwDice();
    transport.onDrained(() => this.#catchUp());
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  get stats(): ViewerStats {
    const { frames: framesSent, skipped: framesSkipped } = this.#sent;
    const cursor = this.#cursor;
    const late = cursor && dueTicks(cursor.playback, cursor.frame) - dueTicks(this.#camera.playback, cursor.frame);
    return {
      transport: this.#transport.kind,
      nextFrame: cursor?.frame ?? null,
      delayMs: late === undefined ? null : Math.round(late / TICKS_PER_MS),
      framesSent,
      framesSkipped,
      waitingBytes: this.#transport.waitingBytes,
    };
  }

  /** Sequence number and RTP time of the first packet to come, for the header `RTP-Info`; undefined while no frame can be named. */
  prepare(): { sequence: number; timestamp: number } | undefined {
    const { freeze, slowStartMs } = this.#camera.faults;
    if (freeze || slowStartMs > 0) return undefined;
    this.#join();
    return { sequence: this.#sequence, timestamp: this.#timestamp(this.#dueTicks()) };
  }

  begin(): void {
    this.#running = true;
    this.#camera.listeners.add(this.#obey);
    const { slowStartMs, freeze } = this.#camera.faults;
    this.#frozen = freeze;
    this.#startTicks = this.#camera.nowTicks + Math.round(slowStartMs * TICKS_PER_MS);
    this.#pump();
  }

  stop(): void {
    this.#running = false;
    this.#cancelWake();
    this.#camera.listeners.delete(this.#obey);
    this.#cursor = undefined;
  }

  #obey = (order: Order): void => {
    const { playback, faults } = this.#camera;
    const thawed = this.#frozen && !faults.freeze;
    this.#frozen = faults.freeze;
    if (order.corrupt !== undefined) this.#throwDice();
    if (this.#cursor !== undefined) this.#cursor = followed(this.#cursor, playback.clip, faults.speed);
    if (this.#cursor !== undefined && thawed) this.#join();
    this.#pump();
  };

  /** Sends all that is due, then sleeps until the next frame is. */
  #pump(): void {
    this.#cancelWake();
    if (!this.#running || this.#frozen || this.#congested) return;
    const now = this.#camera.nowTicks;
    const startTicks = Math.max(this.#startTicks, this.#camera.heldUntilTicks);
    if (now >= startTicks) this.#sendDue(now);
    this.#wakeAt(now >= startTicks ? this.#dueTicks() : startTicks);
  }

  #sendDue(now: number): void {
    if (this.#cursor === undefined) this.#join();
    while (this.#dueTicks() <= now && !this.#congested) this.#sendNext(now);
  }

  #sendNext(now: number): void {
    if (now - this.#reportedTicks >= REPORT_EVERY_TICKS) this.#report(now);
    const { playback, frame } = this.#cursorNow();
    const packets = this.#packetsOf(frameOf(playback, frame).nals, this.#timestamp(dueTicks(playback, frame)));
    this.#transport.sendRtp(packets);
    this.#cursor = { playback, frame: frame + 1 };
    this.#count(packets);
  }

  #packetsOf(nals: readonly Buffer[], timestamp: number): Buffer[] {
    const payloads = packetize(nals, LARGEST_PAYLOAD_BYTES);
    return payloads.map((payload, i) => {
      const packet = rtpPacket({ marker: i === payloads.length - 1, sequence: this.#sequence++, timestamp, ssrc: this.#ssrc }, payload);
      this.#corrupt(packet);
      return packet;
    });
  }

  #report(now: number): void {
    this.#reportedTicks = now;
    const { packets, payloadBytes: bytes } = this.#sent;
    const report = { ssrc: this.#ssrc, wallMs: this.#camera.clock.now(), timestamp: this.#timestamp(now), packets, bytes };
    this.#transport.sendRtcp(senderReport(report, `${this.#camera.name}@ocelli`));
  }

  /** After congestion: where the viewer is far behind, the old frames are left out. A burst that was ordered is not lag. */
  #catchUp(): void {
    if (!this.#running || this.#cursor === undefined) return;
    const due = this.#dueTicks();
    if (due > this.#camera.heldUntilTicks && this.#camera.nowTicks - due > LARGEST_LAG_TICKS) this.#join();
    this.#pump();
  }

  #join(): void {
    const wanted = this.#cursor?.frame;
    this.#cursor = joinAt(this.#camera.playback, this.#camera.nowTicks, (wanted ?? 0) - 1);
    if (wanted !== undefined) this.#skip(this.#cursor.frame - wanted);
  }

  #skip(frames: number): void {
    this.#sent.skipped += frames;
    this.#camera.counters.framesSkipped += frames;
  }

  #count(packets: readonly Buffer[]): void {
    const bytes = packets.reduce((sum, packet) => sum + packet.length, 0);
    this.#sent.frames++;
    this.#sent.packets += packets.length;
    this.#sent.payloadBytes += bytes - 12 * packets.length;
    this.#camera.counters.framesSent++;
    this.#camera.counters.packetsSent += packets.length;
    this.#camera.counters.bytesSent += bytes;
  }

  get #congested(): boolean {
    return this.#transport.waitingBytes > CONGESTED_BYTES;
  }

  #timestamp(ticks: number): number {
    return (this.#timestampOffset + ticks + this.#camera.clockOffsetTicks) >>> 0;
  }

  #throwDice(): void {
    const { corrupt } = this.#camera.faults;
    this.#corrupt = corrupt === null ? () => {} : corrupter(corrupt);
  }

  #cursorNow(): Cursor {
    if (this.#cursor === undefined) throw new Error('a viewer has no place in the clip before it has joined');
    return this.#cursor;
  }

  #dueTicks(): number {
    const { playback, frame } = this.#cursorNow();
    return dueTicks(playback, frame);
  }

  #wakeAt(ticks: number): void {
    this.#cancelWake();
    const { clock } = this.#camera;
    const delayMs = Math.max(0, Math.ceil(ticks / TICKS_PER_MS - clock.monotonic()));
    this.#cancelWake = clock.after(delayMs, () => this.#pump());
  }
}
