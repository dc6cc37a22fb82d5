import { type ErrorCode, OcelliError, sentenceOf } from '../../errors.ts';

/** What a failed request means for whoever asked. */
export type Meaning =
  /** Passing: a broker is away, or another leads the partition now. Trying again may heal it. */
  | { readonly kind: 'passing'; readonly cause: KafkaFault }
  /** The position asked for is not there. */
  | { readonly kind: 'out-of-range' }
  /** The broker no longer knows what this producer sent before; whether the batch is in the log is open. */
  | { readonly kind: 'sequence-lost'; readonly cause: KafkaFault }
  | { readonly kind: 'final'; readonly error: OcelliError };

/** What kafkajs throws: errors with a name, those of the protocol with a type, those of sockets with a code. */
export interface KafkaFault {
  readonly name: string;
  readonly message: string;
  readonly type?: string;
  readonly code?: string | number;
  readonly retriable?: boolean;
  readonly host?: string;
  readonly port?: number;
}

const PASSING = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSLockTimeout',
]);
/** What kafkajs throws, without a name of its own, at whoever asks through a connection that was closed meanwhile. */
const NOT_CONNECTED = 'Broker not connected';
const SEQUENCE_LOST = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
]);
const TLS = /certificate|self-signed|self signed|SSL routines|ERR_TLS|wrong version number|EPROTO|altname/i;

interface Sentence {
  readonly code: ErrorCode;
  readonly what: string;
}

/** Errors of the protocol that trying again does not heal, by type. `%s` is what kafkajs says. */
const FINAL: Readonly<Record<string, Sentence>> = {
  SASL_AUTHENTICATION_FAILED: { code: 'LOG_REFUSED', what: 'refused the user or the password. Check both, and `mechanism` in `log:`' },
  KafkaJSSASLAuthenticationError: {
    code: 'LOG_REFUSED',
    what: 'refused the user, the password or the mechanism (%s). Check all three in `log:`',
  },
  UNSUPPORTED_SASL_MECHANISM: {
    code: 'LOG_REFUSED',
    what: 'does not offer this mechanism (%s). Set `mechanism` in `log:` to one it offers',
  },
  ILLEGAL_SASL_STATE: {
    code: 'LOG_REFUSED',
    what: 'did not expect a user here. Leave the user out of `log:`, or take the listener with SASL',
  },
  TOPIC_AUTHORIZATION_FAILED: {
    code: 'LOG_REFUSED',
    what: 'does not let this user at the topic. Allow READ, WRITE, CREATE, DESCRIBE and DESCRIBE_CONFIGS',
  },
  CLUSTER_AUTHORIZATION_FAILED: {
    code: 'LOG_REFUSED',
    what: 'does not let this user create topics or write idempotently. Allow CREATE and IDEMPOTENT_WRITE on the cluster',
  },
  GROUP_AUTHORIZATION_FAILED: {
    code: 'LOG_REFUSED',
    what: 'does not let this user join the consumer group. Allow READ on it',
  },
  INCONSISTENT_GROUP_PROTOCOL: {
    code: 'LOG_REFUSED',
    what: 'has other consumers in this group. Let them use a group of their own, or give this site another `prefix` in `log:`',
  },
  INVALID_SESSION_TIMEOUT: {
    code: 'LOG_REFUSED',
    what: 'does not allow a session of 6 s. Set `group.min.session.timeout.ms` to 6000 or less',
  },
  MESSAGE_TOO_LARGE: { code: 'LOG_TOO_LARGE', what: 'refused a batch as too large. Raise `max.message.bytes` of the topic' },
  RECORD_LIST_TOO_LARGE: {
    code: 'LOG_TOO_LARGE',
    what: 'refused a batch as too large. Raise `max.message.bytes` and `segment.bytes` of the topic',
  },
  INVALID_REPLICATION_FACTOR: {
    code: 'CONFIG_INVALID',
    what: 'has fewer brokers than `replicas` in `log:` asks for. Lower it, or start more brokers',
  },
  INVALID_PARTITIONS: { code: 'CONFIG_INVALID', what: 'refused the number of `partitions` in `log:`' },
  POLICY_VIOLATION: {
    code: 'LOG_REFUSED',
    what: 'has a policy against topics like these (%s). Let somebody create them who may, as the guide on Kafka shows',
  },
  UNSUPPORTED_VERSION: { code: 'LOG_BROKER_UNSUPPORTED', what: 'is too old. Expected Kafka 2.1 or newer' },
  KafkaJSServerDoesNotSupportApiKey: { code: 'LOG_BROKER_UNSUPPORTED', what: 'is too old. Expected Kafka 2.1 or newer' },
  KafkaJSNotImplemented: {
    code: 'LOG_TOPIC_DIFFERS',
    what: 'holds records in a compression that cannot be read here (%s). Set `compression.type` of the topic to producer',
  },
};

/** `where`: the broker and what was asked of it, such as `Kafka at broker-1:9092, topic ocelli.detections`. */
export function meaningOf(error: unknown, where: string): Meaning {
  const fault = innermost(error);
  if (fault.name === 'KafkaJSOffsetOutOfRange' || fault.type === 'OFFSET_OUT_OF_RANGE') return { kind: 'out-of-range' };
  if (fault.type !== undefined && SEQUENCE_LOST.has(fault.type)) return { kind: 'sequence-lost', cause: fault };
  const sentence = isTls(fault) ? tls(fault) : (FINAL[fault.type ?? ''] ?? FINAL[fault.name]);
  if (sentence !== undefined) return { kind: 'final', error: finalError(sentence, fault, where) };
  if (isPassing(fault)) return { kind: 'passing', cause: fault };
  return { kind: 'final', error: new OcelliError('LOG_CORRUPT', `${where} failed: ${fault.message}`, { cause: error }) };
}

/** The cause of an error that may pass; throws what will not. For requests that ask for no position and write nothing. */
export function passingCause(error: unknown, where: string): KafkaFault {
  if (error instanceof OcelliError) throw error;
  const meaning = meaningOf(error, where);
  if (meaning.kind === 'passing') return meaning.cause;
  throw meaning.kind === 'final' ? meaning.error : error;
}

function isPassing({ name, message, type, retriable }: KafkaFault): boolean {
  return PASSING.has(name) || message === NOT_CONNECTED || retriable === true || type === 'UNKNOWN_TOPIC_OR_PARTITION';
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/before secure TLS connection/, ' (A port that does not speak TLS breaks off like this.)'],
  [/ConnectionClosed|Closed connection/, ' (A port that expects TLS or a user breaks off like this.)'],
];

/** After trying again for long enough. */
export function unavailable(cause: KafkaFault, where: string, triedMs: number): OcelliError {
  if (cause.type === 'UNKNOWN_TOPIC_OR_PARTITION') {
    const what = `${where} is not there any more: somebody deleted the topic, or a partition of it. Start again: the topic is made anew, empty.`;
    return new OcelliError('TOPIC_UNKNOWN', what, { cause });
  }
  const hint = HINTS.find(([pattern]) => pattern.test(`${cause.name} ${cause.message}`))?.[1] ?? '';
  const seconds = (triedMs / 1_000).toFixed(1);
  return new OcelliError('LOG_UNAVAILABLE', `${where} did not answer for ${seconds} s: ${cause.message}.${hint} It is tried again.`, {
    cause,
  });
}

/** kafkajs wraps errors in errors; what happened is the innermost. */
function innermost(error: unknown): KafkaFault {
  let fault = error;
  while (fault instanceof Error && WRAPPERS.has(fault.name) && fault.cause instanceof Error) fault = fault.cause;
  if (fault instanceof AggregateError || (fault instanceof Error && 'errors' in fault && Array.isArray(fault.errors)))
    return innermost((fault.errors as unknown[])[0]);
  return fault instanceof Error ? (fault as KafkaFault) : { name: 'Error', message: sentenceOf(fault) };
}

const WRAPPERS = new Set(['KafkaJSNumberOfRetriesExceeded', 'KafkaJSNonRetriableError']);

function isTls({ name, message }: KafkaFault): boolean {
  return name === 'KafkaJSConnectionError' && TLS.test(message);
}

function tls({ message }: KafkaFault): Sentence {
  const ours = /wrong version number|packet length too long/i.test(message)
    ? 'does not speak TLS on this port. Take `tls` out of `log:`, or take the port with TLS'
    : 'showed a certificate that is not trusted (%s). Name the certificate that signed it: `tls=path/to/ca.pem` in `log:`';
  return { code: 'LOG_REFUSED', what: ours };
}

function finalError({ code, what }: Sentence, fault: KafkaFault, where: string): OcelliError {
  return new OcelliError(code, `${where} ${what.replace('%s', fault.message)}.`, { cause: fault });
}
