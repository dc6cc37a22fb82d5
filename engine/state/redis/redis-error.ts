import type { ErrorCode } from '../../errors.ts';
import { redactUrls } from '../../secret.ts';

/**
 * Anything that came back instead of an answer. Never leaves this folder but as a cause. It keeps no more than words: an error of ioredis
 * holds the command that failed, and so the password of a login.
 */
export class RedisFailure extends Error {
  /** Such as ECONNREFUSED, of an error of the system. */
  readonly code: string;

  constructor(failure: unknown) {
    super(redactUrls(failure instanceof Error ? failure.message : String(failure)).replace(/, with args beginning with.*/s, ''));
    this.code = String((failure as NodeJS.ErrnoException | undefined)?.code ?? '');
  }
}

/** What a failure means for who met it. */
export interface Trouble {
  readonly code: ErrorCode;
  /** It may pass by itself. */
  readonly again: boolean;
  /** The end of a sentence that begins with where Redis is. */
  readonly why: string;
}

const SEE = 'see docs/redis.md';

/** What the first word of an error answer means: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const ANSWERS: Readonly<Record<string, Trouble>> = {
  BUSY: { code: 'STATE_UNAVAILABLE', again: true, why: 'is busy with a script of somebody else' },
  CLUSTERDOWN: { code: 'STATE_UNAVAILABLE', again: true, why: 'says that its cluster is down' },
  CROSSSLOT: { code: 'STATE_REFUSED', again: false, why: 'is a Redis Cluster; set cluster: true in `state:`' },
  LOADING: { code: 'STATE_UNAVAILABLE', again: true, why: 'is still loading its data' },
  MASTERDOWN: { code: 'STATE_UNAVAILABLE', again: true, why: 'is a replica that has lost its primary' },
  MISCONF: { code: 'STATE_UNAVAILABLE', again: true, why: 'takes no writes, since it cannot save its data to its disk' },
  MOVED: { code: 'STATE_REFUSED', again: false, why: 'is a Redis Cluster; set cluster: true in `state:`' },
  NOAUTH: { code: 'STATE_REFUSED', again: false, why: 'asks for a password; write user and password into the address in `state:`' },
  NOREPLICAS: { code: 'STATE_UNAVAILABLE', again: true, why: 'takes no writes, since too few of its replicas are there' },
  OOM: { code: 'STATE_FULL', again: true, why: 'is out of memory (`maxmemory`) and takes no writes; give it more memory' },
  READONLY: { code: 'STATE_UNAVAILABLE', again: true, why: 'is a read-only replica; expected the primary' },
  TRYAGAIN: { code: 'STATE_UNAVAILABLE', again: true, why: 'is moving keys between the nodes of its cluster' },
  WRONGPASS: { code: 'STATE_REFUSED', again: false, why: 'refuses user or password; correct them in `state:`' },
};

/** What ioredis says of a connection that is no more, in words for people. */
const LOST: ReadonlyMap<string, string> = new Map([
  ['Command timed out', 'no answer in time'],
  ['Connection is closed.', 'the connection was lost'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'the connection was lost'],
]);

const TLS = /certificate|CERT_|_TLS_|SSL|wrong version number|self.signed/i;

export function troubleOf({ message: said, code }: RedisFailure): Trouble {
  const word = /^[A-Z]+(?= |$)/.exec(said)?.[0] ?? '';
  const known = ANSWERS[word];
  if (known !== undefined) return known;
  if (word === 'NOPERM') return { code: 'STATE_REFUSED', again: false, why: `allows this user too little (${said}); ${SEE}` };
  if (word === 'WRONGTYPE')
    return { code: 'STATE_CORRUPT', again: false, why: `holds something else where state should be (${said}); ${SEE}` };
  if (word === 'ERR' && !said.includes('max number of clients')) return { code: 'STATE_REFUSED', again: false, why: `says: ${said}` };
  if (TLS.test(`${code} ${said}`)) return { code: 'STATE_REFUSED', again: false, why: `cannot be trusted: ${said}; set its ca, ${SEE}` };
  return { code: 'STATE_UNAVAILABLE', again: true, why: `cannot be reached (${LOST.get(said) ?? said})` };
}

/** After SCRIPT FLUSH, a restart, or on a replica that was promoted. */
export function isScriptUnknown(error: unknown): boolean {
  return error instanceof RedisFailure && error.message.startsWith('NOSCRIPT');
}
