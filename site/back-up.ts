import type { BackupReport } from '../engine/cli/application.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { OcelliError } from '../engine/errors.ts';
import { openLogForReading } from '../engine/log/index.ts';
import { TOPIC_NAMES } from '../engine/records/topic.ts';
import { backUp as copyDatabase } from '../engine/sqlite/back-up.ts';
import { databasePath } from './store-address.ts';

/** Copies log and state of a configuration, where both lie in one SQLite file, and reads from the copy what it holds. */
export async function backUp({ log, state }: Configuration, file: string, target: string): Promise<BackupReport> {
  if (log.kind !== 'sqlite' || state.kind !== 'sqlite' || databasePath(log.path, file) !== databasePath(state.path, file)) {
    throw new OcelliError(
      'INPUT_INVALID',
      `${file} does not keep log and state in one SQLite file, which is what a backup copies as of one moment. Back up Kafka and Redis by their own means; state that is older than its log catches up by itself.`,
      { file },
    );
  }
  const bytes = copyDatabase(databasePath(log.path, file), target);
  const copy = openLogForReading(target);
  try {
    const bounds = await Promise.all(TOPIC_NAMES.map(async (topic) => [topic, await copy.bounds(topic, 0)] as const));
    return { bytes, topics: Object.fromEntries(bounds) };
  } finally {
    await copy.close();
  }
}
