import type { GroupMember } from './kafka/group/group-member.ts';
import type { KafkaGroupOptions } from './kafka/group/open-group-member.ts';
import type { KafkaLog, KafkaLogOptions } from './kafka/kafka-log.ts';

export type { GroupMember, GroupObserver } from './kafka/group/group-member.ts';
export type { PartitionWork } from './kafka/group/partition-tenures.ts';
export type { KafkaGroupOptions, KafkaLog, KafkaLogOptions };

/** Opens the log in Kafka (see KafkaLog.open), loading what it takes only now. */
export async function openKafkaLog(options: KafkaLogOptions): Promise<KafkaLog> {
  const { KafkaLog } = await import('./kafka/kafka-log.ts');
  return KafkaLog.open(options);
}

/** A member of a consumer group, not started yet: it shares the partitions of a topic with the others. */
export async function openKafkaGroup(options: KafkaGroupOptions): Promise<GroupMember> {
  const { openGroupMember } = await import('./kafka/group/open-group-member.ts');
  return openGroupMember(options);
}
