import { type SecretUrl, unescaped } from '../../secret.ts';

/** Where the state lies in Redis, and how it is asked. */
export interface RedisSettings {
  /** `redis://user:password@host:6379/0`, or `rediss://…` for TLS. */
  readonly url: SecretUrl;
  /** Every key begins with it; sites that share a Redis have one each. */
  readonly prefix: string;
  /** A Redis Cluster: the address is that of any of its nodes. */
  readonly cluster: boolean;
  /** The certificates (PEM) that the server's must come from; those of Node unless told otherwise. */
  readonly ca?: string;
  /** An answer that takes longer counts as none. */
  readonly timeoutMs: number;
}

/** What the address says. */
export interface RedisEndpoint {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
  readonly tls: boolean;
}

const DEFAULT_PORT = 6379;

/** Takes an address apart that the configuration has checked. */
export function endpointOf(address: SecretUrl): RedisEndpoint {
  const url = new URL(address.reveal());
  const { username, password } = url;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    ...(username === '' ? {} : { username: unescaped(username) }),
    ...(password === '' ? {} : { password: unescaped(password) }),
    database: Number(url.pathname.slice(1)),
    tls: url.protocol === 'rediss:',
  };
}
