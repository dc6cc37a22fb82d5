import type { Position } from '../log.ts';
import { type PartitionName, type Requests, SequenceLost } from './requests.ts';

export interface Message {
  readonly key: string;
  readonly value: string | Buffer;
}

/** Where a batch came to stand, and where the partition begins by now. */
export interface Written {
  readonly base: Position;
  readonly start: Position;
}

const ALL_IN_SYNC = -1;
const ACKNOWLEDGE_WITHIN_MS = 5_000;
/** Sequences are 32 bits; long before they run over, a new producer id begins at 0. */
const LAST_SEQUENCE = 2 ** 30;

/**
 * Writes batches into one partition, one at a time, each exactly once: the broker knows the producer's id and the sequence of its batches
 * and does not write one again whose answer was lost. Held for each partition apart, so that one that fails leaves no other in doubt.
 *
 *   no id ──first batch──▶ numbered ──batch──▶ numbered
 *     ▲                        │
 *     └──── a batch was given up: whether it is in the log is open ────┘
 */
export class PartitionProducer {
  private readonly requests: Requests;
  private readonly name: PartitionName;
  private id: { readonly producerId: string; readonly producerEpoch: number } | undefined;
  private sequence = 0;

  constructor(requests: Requests, name: PartitionName) {
    this.requests = requests;
    this.name = name;
  }

  /** Never called twice at once. Throws LOG_UNAVAILABLE after trying again for a while; then the batch may be in the log or not. */
  async send(messages: readonly Message[]): Promise<Written> {
    try {
      const written = await this.sendNumbered(messages);
      this.sequence += messages.length;
      if (this.sequence > LAST_SEQUENCE) this.id = undefined;
      return written;
    } catch (error) {
      this.id = undefined;
      throw error;
    }
  }

  private async sendNumbered(messages: readonly Message[]): Promise<Written> {
    if (this.id === undefined) {
      this.id = await this.requests.newProducerId(this.name);
      this.sequence = 0;
    }
    const { topic, partition } = this.name;
    const topicData = [{ topic, partitions: [{ partition, firstSequence: this.sequence, messages }] }];
    const request = { ...this.id, acks: ALL_IN_SYNC, timeout: ACKNOWLEDGE_WITHIN_MS, topicData };
    const { topics } = await this.requests.onLeader(this.name, (broker) => broker.produce(request));
    const answer = topics[0]?.partitions[0];
    if (answer === undefined) throw new SequenceLost('The broker answered a batch without saying where it stands.');
    return { base: Number(answer.baseOffset), start: Number(answer.logStartOffset ?? 0) };
  }
}
