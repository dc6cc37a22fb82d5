import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The version that `pom.xml` names. */
const VERSION = '4.1.0';
export const KAFKA_CACHE = fileURLToPath(new URL('../../../.cache/kafka/', import.meta.url));
/** The jars of the broker. */
export const KAFKA_JARS = `${KAFKA_CACHE}${VERSION}`;
const POM = fileURLToPath(new URL('./pom.xml', import.meta.url));
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Whether a broker can be started here. */
export function hasKafka(): boolean {
  return existsSync(KAFKA_JARS) && spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;
}

/** Has Maven bring Apache Kafka from Maven Central into the cache (43 MB). Throws when that fails. */
export function installKafka(): void {
  const arriving = `${KAFKA_JARS}.arriving-${process.pid}`;
  mkdirSync(KAFKA_CACHE, { recursive: true });
  const args = ['-q', '-B', '-f', POM, COPY, `-DoutputDirectory=${arriving}`, '-DincludeScope=runtime'];
  const { status, stdout, error } = spawnSync('mvn', args, { encoding: 'utf8' });
  if (status === 0) renameSync(arriving, KAFKA_JARS);
  else rmSync(arriving, { recursive: true, force: true });
  if (status !== 0) throw new Error(`Maven could not bring Kafka ${VERSION}: ${error?.message ?? stdout}`);
}
