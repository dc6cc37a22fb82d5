import { unescaped } from '../../engine/secret.ts';
import type { Credentials } from './rtsp-authorization.ts';

/** A camera's address, taken apart. */
export interface RtspAddress {
  /** Name or IP address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** `rtsps:` */
  readonly tls: boolean;
  readonly credentials: Credentials | undefined;
  /** As it is told to the camera: without user and password. */
  readonly url: string;
}

const PORT = 554;
const TLS_PORT = 322;

/** @param url `rtsp:` or `rtsps:`, user and password percent-encoded. */
export function readRtspAddress(url: string): RtspAddress {
  const parsed = new URL(url);
  const tls = parsed.protocol === 'rtsps:';
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const credentials = parsed.username === '' ? undefined : { user: unescaped(parsed.username), password: unescaped(parsed.password) };
  parsed.username = '';
  parsed.password = '';
  return { host, port: Number(parsed.port || (tls ? TLS_PORT : PORT)), tls, credentials, url: parsed.href };
}
