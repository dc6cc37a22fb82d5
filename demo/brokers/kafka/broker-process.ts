import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../free-ports.ts';
import { KAFKA_JARS } from './install.ts';
import { brokerTemplate, KEY_PASSWORD, USER } from './template.ts';

/** Where a test broker listens, each `127.0.0.1:port`. */
export interface BrokerAddresses {
  readonly plain: string;
  /** SASL (SCRAM-SHA-512, PLAIN) without TLS. */
  readonly sasl: string;
  /** SASL over TLS; clients trust `caFile`. */
  readonly tls: string;
  readonly caFile: string;
  /** A plain listener that tells its clients to come to `advertised`: put a proxy there. */
  readonly behindProxy: { readonly listens: string; readonly advertised: string };
}

const LOGGING = fileURLToPath(new URL('./log4j2.properties', import.meta.url));
/** Kills the broker when its standard input ends: with the process that started it, whatever ended that. */
const LEASH = 'exec 3<&0; "$@" </dev/null 3<&- & child=$!; (cat <&3 >/dev/null; kill -9 $child 2>/dev/null) & wait $child';
const STARTED = /Kafka Server started/;
const QUICK_START = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/** A real Kafka: one KRaft process with a folder of its own. */
export class BrokerProcess {
  readonly addresses: BrokerAddresses;
  private readonly folder: string;
  private leash: ChildProcess | undefined;
  private readonly output: string[] = [];

  private constructor(folder: string, addresses: BrokerAddresses) {
    this.folder = folder;
    this.addresses = addresses;
  }

  static async start(folder = mkdtempSync(join(tmpdir(), 'ocelli-kafka-'))): Promise<BrokerProcess> {
    const template = brokerTemplate();
    cpSync(join(template, 'data'), join(folder, 'data'), { recursive: true });
    const [controller, plain, sasl, tls, behind, advertised] = (await freePorts(6)).map((port) => `127.0.0.1:${port}`) as Six;
    const addresses = { plain, sasl, tls, caFile: join(template, 'ca.pem'), behindProxy: { listens: behind, advertised } };
    writeFileSync(join(folder, 'server.properties'), properties(folder, controller, addresses));
    const broker = new BrokerProcess(folder, addresses);
    await broker.restart();
    return broker;
  }

  /** Starts it again after `kill`, on the same ports and data. */
  async restart(): Promise<void> {
    const java = [...QUICK_START, `-Dlog4j2.configurationFile=${LOGGING}`, '-cp', `${KAFKA_JARS}/*`, 'kafka.Kafka'];
    const command = ['-c', LEASH, 'sh', 'java', ...java, join(this.folder, 'server.properties')];
    this.leash = spawn('sh', command, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    await this.started(this.leash);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const { leash } = this;
    this.leash = undefined;
    if (leash === undefined || leash.exitCode !== null) return;
    const closed = once(leash, 'close');
    leash.stdin?.end();
    await closed;
  }

  /** Kills it and removes what it wrote. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private started(leash: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      for (const stream of [leash.stdout, leash.stderr]) {
        if (stream === null) continue;
        createInterface(stream).on('line', (line) => {
          if (STARTED.test(line)) resolve();
          this.output.push(line);
          if (this.output.length > 100) this.output.shift();
        });
      }
      leash.on('error', reject);
      leash.on('close', (code) => reject(new Error(`The broker ended (${code}) before it had started:\n${this.output.join('\n')}`)));
    });
  }
}

type Six = [string, string, string, string, string, string];

function properties(folder: string, controller: string, { plain, sasl, tls, behindProxy }: Omit<BrokerAddresses, 'caFile'>): string {
  const plainUser = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${USER.name}="${USER.password}";`;
  const scramUser = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const listeners = { PLAIN: plain, SASL: sasl, TLS: tls, PROXIED: behindProxy.listens };
  const advertised = { ...listeners, PROXIED: behindProxy.advertised };
  const text = (all: Record<string, string>) => Object.entries(all).map(([name, address]) => `${name}://${address}`);
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@${controller}`,
    'controller.listener.names=CONTROLLER',
    `listeners=${[...text(listeners), `CONTROLLER://${controller}`].join(',')}`,
    `advertised.listeners=${text(advertised).join(',')}`,
    'listener.security.protocol.map=PLAIN:PLAINTEXT,PROXIED:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name=PLAIN',
    'sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN',
    ...['sasl', 'tls'].flatMap((listener) => [
      `listener.name.${listener}.plain.sasl.jaas.config=${plainUser}`,
      `listener.name.${listener}.scram-sha-512.sasl.jaas.config=${scramUser}`,
    ]),
    `ssl.keystore.location=${join(brokerTemplate(), 'broker.p12')}`,
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.password=${KEY_PASSWORD}`,
    `ssl.key.password=${KEY_PASSWORD}`,
    `log.dirs=${join(folder, 'data')}`,
    'auto.create.topics.enable=false',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    ...ONE_BROKER.map((setting) => `${setting}=1`),
    // A broker that comes back after kill -9 waits until its former self has timed out.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    'num.network.threads=2',
    'num.io.threads=4',
    'log.cleaner.dedupe.buffer.size=2097152',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.num.partitions=4',
    'share.coordinator.state.topic.num.partitions=1',
  ].join('\n');
}

const ONE_BROKER = [
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
  'share.coordinator.state.topic.replication.factor',
  'share.coordinator.state.topic.min.isr',
  'log.cleaner.threads',
];
