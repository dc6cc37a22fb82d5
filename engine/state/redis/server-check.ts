import { OcelliError } from '../../errors.ts';
import { RedisFailure } from './redis-error.ts';

/** `HSET` with several fields in a script, `HELLO` and users are all there from 6.0 on; 6.2 is the oldest that still had years of care. */
const OLDEST = [6, 2] as const;

/**
 * Looks at what a server tells about itself (INFO) before anything is trusted to it.
 * @returns a warning, if there is one
 * @throws OcelliError STATE_REFUSED; RedisFailure when it may pass
 */
export function checkServer(info: string, where: string): string | undefined {
  const facts = new Map(info.split(/\r?\n/).map((line) => line.split(':', 2) as [string, string]));
  if (facts.get('loading') === '1') throw new RedisFailure('LOADING');
  if (facts.get('role') === 'slave') throw new RedisFailure('READONLY');
  checkVersion(facts.get('redis_version') ?? '', where);
  checkPolicy(facts.get('maxmemory_policy'), where);
  if (facts.get('aof_enabled') !== '0') return undefined;
  return `Redis at ${where} writes no append-only file: after a crash it goes back to its last snapshot, and tasks run again from there. Set appendonly to yes.`;
}

function checkVersion(version: string, where: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new OcelliError('STATE_REFUSED', `Redis at ${where} is version ${version || 'unknown'}; expected ${OLDEST.join('.')} or newer.`);
}

/** Whatever else it says, it would sooner or later throw state away in silence. */
function checkPolicy(policy: string | undefined, where: string): void {
  if (policy === undefined || policy === 'noeviction') return;
  throw new OcelliError(
    'STATE_REFUSED',
    `Redis at ${where} may throw keys away when memory runs short (maxmemory-policy ${policy}); expected noeviction. Set it, or use a Redis that is not a cache.`,
    { policy },
  );
}
