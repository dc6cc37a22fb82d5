import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KAFKA_JARS } from './install.ts';

/** The one user of test brokers, by SCRAM-SHA-512 and PLAIN. */
export const USER = { name: 'ocelli', password: 'p:a@s/s w#rd' } as const;
export const KEY_PASSWORD = 'only-for-tests';
const FOLDER = `${KAFKA_JARS}-template`;
const CLUSTER = 'b2NlbGxpLXRlc3QtMDAwMQ';

/** What every test broker begins with, made once: `data` (a formatted folder), `broker.p12` (its key) and `ca.pem` (what clients trust). */
export function brokerTemplate(): string {
  if (!existsSync(FOLDER)) make();
  return FOLDER;
}

function make(): void {
  const folder = `${FOLDER}.arriving-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  makeKey(folder);
  format(folder);
  rmSync(FOLDER, { recursive: true, force: true });
  renameSync(folder, FOLDER);
}

function makeKey(folder: string): void {
  const store = ['-keystore', join(folder, 'broker.p12'), '-storetype', 'PKCS12', '-storepass', KEY_PASSWORD, '-alias', 'broker'];
  const names = ['-dname', 'CN=localhost', '-ext', 'SAN=dns:localhost,ip:127.0.0.1'];
  run('keytool', ['-genkeypair', '-keyalg', 'RSA', '-keysize', '2048', '-validity', '3650', ...names, ...store]);
  run('keytool', ['-exportcert', '-rfc', '-file', join(folder, 'ca.pem'), ...store]);
}

function format(folder: string): void {
  const properties = join(folder, 'format.properties');
  writeFileSync(
    properties,
    [
      'process.roles=broker,controller',
      'node.id=1',
      'controller.quorum.voters=1@127.0.0.1:1',
      'controller.listener.names=CONTROLLER',
      'listeners=PLAIN://127.0.0.1:2,CONTROLLER://127.0.0.1:1',
      'listener.security.protocol.map=PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name=PLAIN',
      `log.dirs=${join(folder, 'data')}`,
    ].join('\n'),
  );
  const scram = `SCRAM-SHA-512=[name=${USER.name},password="${USER.password}"]`;
  run('java', ['-cp', `${KAFKA_JARS}/*`, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', properties, '--add-scram', scram]);
}

function run(command: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stdout + stderr}`);
}
