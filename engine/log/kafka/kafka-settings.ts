import type { Secret } from '../../secret.ts';

/** How to reach a Kafka, and what the topics of this site are called and made like. */
export interface KafkaSettings {
  /** `host:port`, at least one; the others are learnt from it. */
  readonly brokers: readonly string[];
  /** Encrypted when given. `ca`: the certificate to trust instead of the system's, as PEM. */
  readonly tls?: { readonly ca?: string };
  readonly user?: { readonly name: string; readonly password: Secret; readonly mechanism: 'scram-sha-512' | 'plain' };
  /** Begins the name of every topic, such as `ocelli.`. */
  readonly prefix: string;
  /** How many partitions new topics get; those that are there must have as many. Undefined: 8, or what is there. */
  readonly partitions?: number;
  /** How many brokers keep each record; undefined: 3, or as many as there are. */
  readonly replicas?: number;
  /** At most so much is kept of all topics together, oldest given up first; undefined: as much as comes in the time of each topic. */
  readonly keepBytes?: number;
}

/** Begins sentences about it. */
export function whereKafkaIs({ brokers }: Pick<KafkaSettings, 'brokers'>): string {
  return `Kafka at ${brokers.join(',')}`;
}

/** The largest record batch that topics are made for, and so the largest append. */
export const MAX_BATCH_BYTES = 4 * 2 ** 20;
