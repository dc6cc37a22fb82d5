import type { Clock } from '../../clock.ts';
import type { Position } from '../log.ts';
import { GroupLeader } from './group/group-leader.ts';
import { passingCause, unavailable } from './kafka-error.ts';
import type { KafkaClient } from './kafkajs-door.ts';
import { tryAgain } from './try-again.ts';

/** Whoever keeps positions of a group without members says so with these. */
const NO_GENERATION = -1;
const NO_MEMBER = '';
const READ_WITHIN_MS = 15_000;

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
    const { clock, group, topic, where } = this.options;
    const topics = [{ topic, partitions: [{ partition }] }];
    const { responses } = await tryAgain(
      clock,
      READ_WITHIN_MS,
      async () => (await this.leader.broker()).offsetFetch({ groupId: group, topics }),
      {
        onError: (error) => {
          this.leader.reconnect();
          return passingCause(error, where);
        },
        spent: (cause, triedMs) => unavailable(cause, where, triedMs),
      },
    );
    const offset = Number(responses[0]?.partitions[0]?.offset ?? -1);
    return offset < 0 ? undefined : offset;
  }

  /** Keeps positions, by partition. What could not be kept is kept with the next ones: try again then. */
  async keep(positions: ReadonlyMap<number, Position>): Promise<void> {
    const { group, topic } = this.options;
    const partitions = [...positions].map(([partition, position]) => ({ partition, offset: String(position) }));
    const topics = [{ topic, partitions }];
    try {
      const broker = await this.leader.broker();
      await broker.offsetCommit({ groupId: group, groupGenerationId: NO_GENERATION, memberId: NO_MEMBER, topics });
    } catch (error) {
      this.leader.reconnect();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.leader.close();
  }
}
