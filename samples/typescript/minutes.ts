/**
 * What each camera saw by the minute, out of Kafka into SQLite, each frame counted once, also over `kill -9`:
 *
 *   npm install ocelli kafkajs
 *   node minutes.ts localhost:9092 minutes.db
 *
 * Results and progress are kept in one transaction; only then Kafka is told how far we are. What comes again is dropped by its place.
 */
import { DatabaseSync } from 'node:sqlite';
import { Kafka, logLevel } from 'kafkajs';
import { type CameraProgress, gapFrames, isBlind, type RecordOf, TopicReader } from 'ocelli/consumer';

const [brokers = 'localhost:9092', file = 'minutes.db', topic = 'ocelli.tracks', groupId = 'minutes-typescript'] = process.argv.slice(2);

const database = new DatabaseSync(file);
database.exec(`
  CREATE TABLE IF NOT EXISTS minutes (camera, minute, looked, unseen, most, PRIMARY KEY (camera, minute));
  CREATE TABLE IF NOT EXISTS progress (camera PRIMARY KEY, session, seq, time)`);
const addToMinute = database.prepare(`
  INSERT INTO minutes VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    looked = looked + excluded.looked, unseen = unseen + excluded.unseen, most = max(most, excluded.most)`);
const keepProgress = database.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?)');

function knownProgress(): CameraProgress[] {
  return database.prepare('SELECT * FROM progress').all() as unknown as CameraProgress[];
}

function add({ camera, time }: RecordOf<'tracks'>, looked: number, unseen: number, most: number): void {
  addToMinute.run(camera, Math.floor(time / 60_000), looked, unseen, most);
}

function count(record: RecordOf<'tracks'>): void {
  if (record.type === 'tracks') add(record, 1, 0, record.objects.filter(({ state }) => state === 'confirmed').length);
  if (record.type === 'gap' && isBlind(record)) add(record, 0, gapFrames(record), 0);
}

function takeBatch(lines: readonly string[]): void {
  database.exec('BEGIN');
  try {
    const reader = new TopicReader('tracks', knownProgress());
    for (const line of lines) {
      const taken = reader.take(line);
      if (taken?.lost !== undefined) count(taken.lost);
      if (taken !== undefined) count(taken.record);
    }
    for (const { camera, session, seq, time } of reader.progress()) keepProgress.run(camera, session, seq, time);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

const consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR }).consumer({ groupId });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void consumer.disconnect());
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    takeBatch(batch.messages.map(({ value }) => String(value)));
    await consumer.commitOffsets([{ topic, partition: batch.partition, offset: String(BigInt(batch.lastOffset()) + 1n) }]);
    console.log(`partition ${batch.partition}: taken up to ${batch.lastOffset()}`);
  },
});
