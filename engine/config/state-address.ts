import { z } from 'zod';
import { SecretUrl } from '../secret.ts';

/** Where tasks keep their state, as the configuration says it. */
export type StateAddress =
  | { readonly kind: 'sqlite' /** Relative to the configuration file. */; readonly path: string }
  | {
      readonly kind: 'redis';
      readonly url: SecretUrl;
      readonly prefix: string;
      readonly cluster: boolean;
      readonly timeoutMs: number;
      /** A file with certificates, relative to the configuration file. */
      readonly ca?: string;
    };

const EXPECTED = 'expected sqlite:path/to/file.db, redis://user:password@host:6379/0, or a mapping with url';

const redisOptions = z.strictObject({
  url: z.string().transform(readRedisUrl).describe('redis://user:password@host:6379/0; rediss:// for TLS.'),
  prefix: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'expected 1 to 64 letters, digits, . : _ or -')
    .default('ocelli:')
    .describe('Every key begins with it. Sites that share a Redis need one each.'),
  ca: z.string().min(1).optional().describe('rediss: a file with the certificates (PEM) that the server must prove itself by.'),
  cluster: z.boolean().default(false).describe('true: a Redis Cluster; url names any of its nodes.'),
  timeout: z.int().min(50).max(60_000).default(2_000).describe('An answer that takes longer than so many milliseconds counts as none.'),
});

/** `state:` of the configuration. */
export const stateAddress = z
  .union([z.string().transform(readText), redisOptions.transform(readOptions)], { error: EXPECTED })
  .prefault('sqlite:data/ocelli.db')
  .describe(
    'Where tasks keep their state: sqlite:path/to/file.db, redis://…, or a mapping with url and options; default: the file of a SQLite log.',
  );

function readText(text: string, context: z.core.$RefinementCtx): StateAddress {
  if (/^sqlite:./.test(text)) return { kind: 'sqlite', path: text.slice('sqlite:'.length) };
  const redis = /^rediss?:/i.test(text) ? redisOptions.safeParse({ url: text }) : undefined;
  if (redis?.success) return readOptions(redis.data, context);
  context.addIssue(redis?.error.issues[0]?.message ?? EXPECTED);
  return z.NEVER;
}

function readOptions({ url, prefix, cluster, timeout, ca }: z.output<typeof redisOptions>, context: z.core.$RefinementCtx): StateAddress {
  const address = url.reveal();
  if (ca !== undefined && !/^rediss:/i.test(address)) context.addIssue('has a ca, which is of use with rediss:// only');
  if (cluster && !/^\/?0?$/.test(new URL(address).pathname)) context.addIssue('names a database; a Redis Cluster has database 0 only');
  return { kind: 'redis', url, prefix, cluster, timeoutMs: timeout, ...(ca === undefined ? {} : { ca }) };
}

/** The sentences do not hold the address: there may be a password in it. */
function readRedisUrl(text: string, context: z.core.$RefinementCtx): SecretUrl {
  const url = URL.parse(text);
  const problem = url === null ? 'is not a valid address; expected redis://user:password@host:6379/0' : problemOf(url);
  if (problem === undefined) return new SecretUrl(text);
  context.addIssue(problem);
  return z.NEVER;
}

function problemOf(url: URL): string | undefined {
  if (!/^rediss?:$/.test(url.protocol)) return `has the scheme ${url.protocol}; expected redis:// or rediss://`;
  if (url.hostname === '') return 'has no host; expected redis://host:6379/0';
  if (url.username !== '' && url.password === '') return 'has a user without a password; expected redis://user:password@host:6379/0';
  if (!/^\/?\d*$/.test(url.pathname)) return 'ends with something else than the number of a database; expected redis://host:6379/0';
  if (url.search !== '' || url.hash !== '') return 'has options behind ? or #; write them beside url: state: { url: …, prefix: … }';
  return undefined;
}
