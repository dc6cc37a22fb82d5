export {
  type GroupMember,
  type GroupObserver,
  type KafkaGroupOptions,
  type KafkaLog,
  type KafkaLogOptions,
  openKafkaGroup,
  openKafkaLog,
  type PartitionWork,
} from './kafka-door.ts';
export type { Bounds, Entry, Log, LogReader, Position, ReadRequest, ReadResult } from './log.ts';
export type { PartitionTable } from './partition-table.ts';
export type { MaintenanceReport } from './sqlite/maintenance.ts';
export type { RetentionReport } from './sqlite/retention.ts';
export type { RetentionLimits } from './sqlite/retention-limits.ts';
export { SqliteLog, type SqliteLogOptions } from './sqlite/sqlite-log.ts';
export { openLogForReading } from './sqlite/sqlite-log-reader.ts';
export type { Tenure } from './tenure.ts';
