import type { Clock } from '../../clock.ts';
import type { Position } from '../log.ts';
import { GroupLeader } from './group/group-leader.ts';
import { passingCause, unavailable } from './kafka-error.ts';
import type { KafkaClient, RawBroker } from './kafkajs-door.ts';
import { tryAgain } from './try-again.ts';

/** Whoever keeps positions of a group without members says so with these. */
const NO_GENERATION = -1;
const NO_MEMBER = '';
const ANSWER_WITHIN_MS = 5_000;

export interface KeptPositionsOptions {
  readonly clock: Clock;
  /** The group under which they are kept, as the broker knows it: one that has no members. Tools show its lag. */
  readonly group: string;
  readonly topic: string;
  /** For sentences: the broker. */
  readonly where: string;
}

/**
 * How far the partitions of a topic are worked off, kept on the broker for whoever goes on. Nobody is refused: a position that is too low
 * costs reading again, and who writes twice must be told apart elsewhere.
 */
export class KeptPositions {
  private readonly options: KeptPositionsOptions;
  private readonly leader: GroupLeader;

  constructor(client: KafkaClient, options: KeptPositionsOptions) {
    this.options = options;
    this.leader = new GroupLeader(client, options.group, options.topic);
  }

  /** The position of a partition; `undefined` when none was kept. Throws LOG_UNAVAILABLE after trying again for a while. */
  async read(partition: number): Promise<Position | undefined> {
    const { group, topic } = this.options;
    const request = { groupId: group, topics: [{ topic, partitions: [{ partition }] }] };
    const { responses } = await this.ask((broker) => broker.offsetFetch(request));
    const offset = Number(responses[0]?.partitions[0]?.offset ?? -1);
    return offset < 0 ? undefined : offset;
  }

  /** Keeps positions, by partition. Throws as `read`; what could not be kept may be kept later, or never. */
  async keep(positions: ReadonlyMap<number, Position>): Promise<void> {
    const { group, topic } = this.options;
    const partitions = [...positions].map(([partition, position]) => ({ partition, offset: String(position) }));
    const request = { groupId: group, groupGenerationId: NO_GENERATION, memberId: NO_MEMBER, topics: [{ topic, partitions }] };
    await this.ask((broker) => broker.offsetCommit(request));
  }

  async close(): Promise<void> {
    await this.leader.close();
  }

  private ask<T>(work: (broker: RawBroker) => Promise<T>): Promise<T> {
    const { clock, where } = this.options;
    return tryAgain(clock, ANSWER_WITHIN_MS, async () => work(await this.leader.broker()), {
      onError: (error) => {
        this.leader.reconnect();
        return passingCause(error, where);
      },
      spent: (cause, triedMs) => unavailable(cause, where, triedMs),
    });
  }
}
