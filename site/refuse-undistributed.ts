import type { StartOptions } from '../engine/cli/application.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { OcelliError } from '../engine/errors.ts';

/** Processes with roles meet in Kafka and Redis. @throws OcelliError CONFIG_INVALID, INPUT_INVALID */
export function refuseUndistributed({ log, state }: Configuration, { file, roles = [], untilEnd }: StartOptions): void {
  const asked = `--role ${roles.join(',')}`;
  const missing = [
    ...(log.kind === 'kafka' ? [] : ['log: kafka://broker-1:9092']),
    ...(state.kind === 'redis' ? [] : ['state: redis://redis-1:6379/0']),
  ];
  if (missing.length > 0) {
    throw new OcelliError(
      'CONFIG_INVALID',
      `${asked} needs a log and a state that other processes can reach. Put into ${file}, with your addresses:\n${missing.join('\n')}`,
      { file, roles },
    );
  }
  if (untilEnd) {
    throw new OcelliError(
      'INPUT_INVALID',
      `--until-end belongs to a whole site in one process, which knows when everything is committed; leave it out with ${asked}.`,
      { file, roles },
    );
  }
}
