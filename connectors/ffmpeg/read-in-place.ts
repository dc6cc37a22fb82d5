import { Socket, type SocketConstructorOpts } from 'node:net';
import type { Readable } from 'node:stream';

/** More than the pipe of a child holds. */
const READ_BYTES = 256 * 1024;
/** One for all pipes: what was read is taken before anything else is read. */
const buffer = Buffer.allocUnsafeSlow(READ_BYTES);

/** A pipe of a child, as far as we touch it; Node does not publish it. */
interface PipeEnd {
  _handle: { useUserBuffer?: unknown } | null;
}

/**
 * Has what comes out of a child's pipe taken from one buffer that is used again and again; `bytes` are valid only during the call. The
 * returned stream pauses, resumes and fails as the pipe does.
 *
 * 'data' events bring a fresh buffer of 64 KiB each. At the rate of raw video these alone took a third of the engine's processor time: V8
 * marked its whole heap every few hundred frames because so much memory hung on it (`bench/README.md`). `onread` of sockets reads into one
 * buffer, but Node offers it only for sockets that are made by hand, so the pipe moves into such a socket. A Node that has other insides is
 * read by 'data' events.
 */
export function readInPlace(pipe: Readable, taken: (bytes: Uint8Array) => void): Readable {
  const end = pipe as unknown as PipeEnd;
  if (end._handle?.useUserBuffer === undefined) return pipe.on('data', taken);
  const socket = new Socket({ handle: end._handle, writable: false, onread: onread(taken) } as SocketConstructorOpts);
  end._handle = null;
  // The child is over when all of its pipes are closed, and only knows this one.
  socket.once('close', () => pipe.destroy());
  return socket.resume();
}

function onread(taken: (bytes: Uint8Array) => void): SocketConstructorOpts['onread'] {
  return {
    buffer,
    callback: (sizeBytes, bytes) => {
      taken(bytes.subarray(0, sizeBytes));
      return true;
    },
  };
}
