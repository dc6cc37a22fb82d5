import { isIPv6 } from 'node:net';
import type { Cause } from '../camera-status.ts';
import type { Reason } from '../cause.ts';
import type { RtspAddress } from './rtsp-address.ts';

/** Ends an opening of a camera, with what there is to say about it. */
export class RtspProblem extends Error {
  readonly reason: Reason;

  constructor(cause: Cause, detail: string) {
    super(detail);
    this.reason = { cause, detail };
  }
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  EHOSTDOWN: 'is down',
  ENOTFOUND: 'is a name that nobody knows',
  EAI_AGAIN: 'cannot be looked up right now',
};

/** What an error of the connection means, in words; the address is told without user and password. */
export function reasonOf(error: unknown, { host, port }: Pick<RtspAddress, 'host' | 'port'>): Reason {
  if (error instanceof RtspProblem) return error.reason;
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const where = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  if (UNREACHABLE[code] !== undefined) return { cause: 'refused', detail: `${where} ${UNREACHABLE[code]}` };
  if (code === 'ETIMEDOUT') return { cause: 'timeout', detail: `${where} does not answer` };
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return { cause: 'codec', detail: `${where} does not speak TLS` };
  return { cause: code === 'EMFILE' ? 'local' : 'refused', detail: `${where}: ${message}` };
}
