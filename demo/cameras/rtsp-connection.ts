import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock } from '../../engine/clock.ts';
import { refusalOf } from './access.ts';
import type { Camera } from './camera.ts';
import type { Order } from './faults.ts';
import type { ViewerStats } from './rtp-sender.ts';
import { formatResponse, nextMessage, type RtspRequest, type RtspResponse, RtspSyntaxError } from './rtsp-message.ts';
import { RtspSession } from './rtsp-session.ts';

/** What all connections of a server share. */
export interface ConnectionOptions {
  /** The camera of an URL, or undefined. */
  readonly cameraOf: (url: string) => Camera | undefined;
  /** The only camera of this port: its being mute needs no request to be known. */
  readonly onlyCamera?: Camera;
  /** For the end of silent sessions; the cameras have a clock of their own, which may run faster. */
  readonly clock: Clock;
  readonly sessionTimeoutMs: number;
  readonly random32: () => number;
}

/** One client's TCP connection: takes its requests in order, and belongs to the first camera that it names. */
export class RtspConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #nonce = randomBytes(16).toString('hex');
  #camera: Camera | undefined;
  #session: RtspSession | undefined;
  #cancelExpiry = () => {};

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    if (options.onlyCamera !== undefined) this.#belongTo(options.onlyCamera);
  }

  /** The camera and what its viewer has got, while it plays. */
  get viewer(): { readonly camera: Camera; readonly stats: ViewerStats } | undefined {
    const stats = this.#session?.stats;
    return stats && this.#camera && { camera: this.#camera, stats };
  }

  /** Serves the client until either side hangs up. */
  async run(): Promise<void> {
    let waiting: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of chunksOf(this.#socket)) waiting = await this.#takeAll(Buffer.concat([waiting, chunk]));
    } finally {
      this.#end();
    }
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  #end(): void {
    this.#cancelExpiry();
    this.#session?.end();
    this.#camera?.listeners.delete(this.#obey);
    this.#socket.destroy();
  }

  /** Handles every complete message; answers with the rest. */
  async #takeAll(bytes: Buffer): Promise<Buffer> {
    if (this.#options.onlyCamera?.faults.mute) return Buffer.alloc(0);
    let rest = bytes;
    try {
      for (let next = nextMessage(rest); next !== undefined; next = nextMessage(rest)) {
        rest = rest.subarray(next.usedBytes);
        this.#touch();
        if (next.message.kind === 'request') await this.#take(next.message);
      }
      return rest;
    } catch (error) {
      if (!(error instanceof RtspSyntaxError)) throw error;
      this.#socket.end(
        formatResponse({ status: error.status, headers: { 'Content-Type': 'text/plain' }, body: `${error.message}\n` }, undefined),
      );
      return Buffer.alloc(0);
    }
  }

  async #take(request: RtspRequest): Promise<void> {
    const cseq = request.headers['cseq'];
    if (cseq === undefined) throw new RtspSyntaxError(400, 'expected a header CSeq, RFC 2326 section 12.17');
    const session = this.#sessionFor(request);
    if (session === undefined) return this.#send({ status: request.method === 'OPTIONS' ? 200 : 404 }, cseq);
    const refusal = this.#camera && refusalOf(this.#camera.faults, request, this.#nonce);
    if (refusal !== undefined) return this.#refuse(refusal, cseq);
    const { response, afterwards } = await session.answer(request);
    this.#send(response, cseq);
    afterwards?.();
    this.#touch();
  }

  #refuse(refusal: NonNullable<ReturnType<typeof refusalOf>>, cseq: string): void {
    if (refusal.answer === undefined) return;
    if (this.#camera !== undefined) this.#camera.counters.turnedAway++;
    this.#send(refusal.answer, cseq);
    if (refusal.hangUp) this.#socket.end();
  }

  /** One connection looks at one camera: a request for another is not found. */
  #sessionFor({ url }: RtspRequest): RtspSession | undefined {
    const camera = url === '*' ? this.#camera : this.#options.cameraOf(url);
    if (camera === undefined || (this.#camera !== undefined && this.#camera !== camera)) return undefined;
    if (this.#camera === undefined) this.#belongTo(camera);
    const { sessionTimeoutMs, random32 } = this.#options;
    this.#session ??= new RtspSession({ camera, socket: this.#socket, sessionTimeoutMs, random32, onSignOfLife: () => this.#touch() });
    return this.#session;
  }

  #belongTo(camera: Camera): void {
    this.#camera = camera;
    camera.counters.connections++;
    camera.listeners.add(this.#obey);
  }

  #obey = ({ disconnect }: Order): void => {
    if (disconnect === 'close') this.#socket.destroy();
    if (disconnect === 'reset') this.#socket.resetAndDestroy();
  };

  #send(response: RtspResponse, cseq: string): void {
    this.#socket.write(formatResponse(response, cseq));
  }

  /** The client has shown that it is there. */
  #touch(): void {
    this.#cancelExpiry();
    if (!this.#session?.isOpen) return;
    this.#cancelExpiry = this.#options.clock.after(this.#options.sessionTimeoutMs, () => this.hangUp());
  }
}

/** What comes in until the connection ends, in whichever way: a client that resets it is no error of ours. */
async function* chunksOf(socket: Socket): AsyncGenerator<Buffer> {
  socket.on('error', () => {});
  try {
    yield* socket;
  } catch {
    socket.destroy();
  }
}
