import type { Clock } from '../../../clock.ts';
import type { Topic } from '../../../records/topic.ts';
import { type KafkaSettings, whereKafkaIs } from '../kafka-settings.ts';
import { openKafkaClient } from '../kafkajs-door.ts';
import { kafkaTopic } from '../topic-plan.ts';
import { GroupCoordinator } from './group-coordinator.ts';
import { GroupMember, type GroupObserver } from './group-member.ts';
import type { PartitionWork } from './partition-tenures.ts';

export interface KafkaGroupOptions {
  readonly settings: KafkaSettings;
  /** Its name, such as `analyse`; on the broker behind the prefix. */
  readonly group: string;
  /** The topic whose partitions are shared out, and how many it has. */
  readonly topic: Topic | 'frames';
  readonly partitions: number;
  readonly clock: Clock;
  readonly work: PartitionWork;
  readonly observer?: GroupObserver;
  /** Whoever says nothing for so long is taken for dead; 6 s, the least that brokers allow by default, unless told otherwise. */
  readonly sessionTimeoutMs?: number;
}

const SESSION_TIMEOUT_MS = 6_000;

export async function openGroupMember(options: KafkaGroupOptions): Promise<GroupMember> {
  const { settings, partitions, clock, work, observer, sessionTimeoutMs = SESSION_TIMEOUT_MS } = options;
  const group = `${settings.prefix}${options.group}`;
  const client = await openKafkaClient(settings);
  const coordinator = new GroupCoordinator(client, { group, topic: kafkaTopic(settings, options.topic), sessionTimeoutMs });
  const where = `${whereKafkaIs(settings)}, consumer group ${group},`;
  return new GroupMember({
    coordinator,
    partitions,
    sessionTimeoutMs,
    clock,
    work,
    where,
    ...(observer === undefined ? {} : { observer }),
  });
}
