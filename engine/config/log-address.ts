import { z } from 'zod';
import { Secret, unescaped } from '../secret.ts';

/** Where records are kept, as the configuration says it. */
export type LogAddress =
  | { readonly kind: 'sqlite' /** Relative to the configuration file. */; readonly path: string }
  | {
      readonly kind: 'kafka';
      /** `host:port`. */
      readonly brokers: readonly string[];
      readonly user?: { readonly name: string; readonly password: Secret; readonly mechanism: 'scram-sha-512' | 'plain' };
      /** `ca`: a file with certificates, relative to the configuration file. */
      readonly tls?: { readonly ca?: string };
      readonly prefix: string;
      readonly partitions?: number;
      readonly replicas?: number;
    };

const EXPECTED = 'expected sqlite:path/to/file.db, kafka://user:password@host:9092,host:9092, or a mapping with url';
const KAFKA_PORT = 9092;

const kafkaOptions = z.strictObject({
  url: z.string().describe('kafka://user:${PASSWORD}@host:9092,host:9092; one broker is enough, the others are learnt from it.'),
  mechanism: z
    .enum(['scram-sha-512', 'plain'])
    .default('scram-sha-512')
    .describe('How user and password are proved. plain sends them: only with TLS.'),
  tls: z.boolean().default(false).describe('true: encrypted, and the brokers must prove who they are.'),
  ca: z.string().min(1).optional().describe('With tls: a file with the certificates (PEM) that the brokers must prove themselves by.'),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, 'expected 1 to 100 letters, digits, . _ or -')
    .default('ocelli.')
    .describe('Every topic begins with it. Sites that share a Kafka need one each.'),
  partitions: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('How many partitions new topics get (8); topics that are there must have as many.'),
  replicas: z.int().min(1).max(10).optional().describe('How many brokers keep each record; default 3, or as many as there are.'),
});

type KafkaOptions = z.output<typeof kafkaOptions>;

/** `log:` of the configuration. */
export const logAddress = z
  .union([z.string().transform(readText), kafkaOptions.transform(readOptions)], { error: EXPECTED })
  .prefault('sqlite:data/ocelli.db')
  .describe('Where records are kept: sqlite:path/to/file.db, kafka://…, or a mapping with url and options.');

/** For people; without user and password. */
export function describeLog(address: LogAddress): string {
  if (address.kind === 'sqlite') return `sqlite:${address.path}`;
  return `kafka://${address.user === undefined ? '' : '***@'}${address.brokers.join(',')}`;
}

function readText(text: string, context: z.core.$RefinementCtx): LogAddress {
  if (/^sqlite:./.test(text)) return { kind: 'sqlite', path: text.slice('sqlite:'.length) };
  if (/^kafka:/i.test(text)) return readOptions(kafkaOptions.parse({ url: text }), context);
  context.addIssue(EXPECTED);
  return z.NEVER;
}

/** The sentences do not hold the address: there may be a password in it. */
function readOptions({ url, mechanism, tls, ca, prefix, partitions, replicas }: KafkaOptions, context: z.core.$RefinementCtx): LogAddress {
  const [whole, credentials, hosts = ''] = /^kafka:\/\/(?:(.*)@)?([^@/?#]+)\/?$/i.exec(url) ?? [];
  const brokers = hosts.split(',').map((host) => (host.includes(':') ? host : `${host}:${KAFKA_PORT}`));
  const problem = whole === undefined ? problemOf(url) : (problemOfBrokers(brokers) ?? problemOfUser(credentials));
  if (problem === undefined && ca !== undefined && !tls) context.addIssue('has a ca, which is of use with tls: true only');
  if (problem !== undefined) {
    context.addIssue(problem);
    return z.NEVER;
  }
  return {
    kind: 'kafka',
    brokers,
    prefix,
    ...(credentials === undefined ? {} : { user: { ...readUser(credentials), mechanism } }),
    ...(tls ? { tls: ca === undefined ? {} : { ca } } : {}),
    ...(partitions === undefined ? {} : { partitions }),
    ...(replicas === undefined ? {} : { replicas }),
  };
}

function problemOf(url: string): string {
  if (/[?#]/.test(url)) return 'has options behind ? or #; write them beside url: log: { url: …, prefix: … }';
  return 'is not a valid address; expected kafka://user:password@host:9092,host:9092';
}

function problemOfBrokers(brokers: readonly string[]): string | undefined {
  const wrong = brokers.find((broker) => !isBroker(broker));
  return wrong === undefined ? undefined : `names the broker ${wrong}; expected host:port, with the port from 1 to 65535`;
}

function isBroker(text: string): boolean {
  const [, port] = /^[A-Za-z0-9._-]+:(\d{1,5})$/.exec(text) ?? [];
  return Number(port) >= 1 && Number(port) <= 65_535;
}

function problemOfUser(credentials: string | undefined): string | undefined {
  if (credentials === undefined || /^[^:]+:.+$/s.test(credentials)) return undefined;
  return 'has a user without a password, or a password without a user; expected kafka://user:password@host:9092';
}

function readUser(credentials: string): { readonly name: string; readonly password: Secret } {
  const colon = credentials.indexOf(':');
  return { name: unescaped(credentials.slice(0, colon)), password: new Secret(unescaped(credentials.slice(colon + 1))) };
}
