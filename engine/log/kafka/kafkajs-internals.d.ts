/**
 * The parts of kafkajs 2.2.4 below its public interface that reading needs: its consumers belong to a group and are pushed records, while
 * a log is read from any position at any time. The version is pinned exactly; no later one has come since February 2023.
 */
declare module 'kafkajs/src/cluster/index.js' {
  import type { KafkaConfig, Logger } from 'kafkajs';

  export interface RawMessage {
    readonly offset: string;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly isControlRecord: boolean;
  }

  export interface RawPartition {
    readonly partition: number;
    readonly highWatermark: string;
    /** The first offset that is still there; so spelt. */
    readonly lastStartOffset?: string;
    readonly messages: readonly RawMessage[];
  }

  interface OfPartitions<P> {
    readonly topic: string;
    readonly partitions: readonly P[];
  }

  export interface RawBroker {
    readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
    fetch(request: {
      readonly replicaId: number;
      readonly isolationLevel: number;
      readonly maxWaitTime: number;
      readonly minBytes: number;
      readonly maxBytes: number;
      readonly topics: readonly OfPartitions<{ readonly partition: number; readonly fetchOffset: string; readonly maxBytes: number }>[];
    }): Promise<{ readonly responses: readonly { readonly topicName: string; readonly partitions: readonly RawPartition[] }[] }>;
    produce(request: {
      readonly acks: number;
      readonly timeout: number;
      readonly producerId: string;
      readonly producerEpoch: number;
      readonly topicData: readonly OfPartitions<{
        readonly partition: number;
        readonly firstSequence: number;
        readonly messages: readonly { readonly key: string; readonly value: string | Buffer }[];
      }>[];
    }): Promise<{ readonly topics: readonly { readonly partitions: readonly { baseOffset: string; logStartOffset?: string }[] }[] }>;
    listOffsets(request: {
      readonly replicaId: number;
      readonly isolationLevel: number;
      readonly topics: readonly OfPartitions<{ readonly partition: number; readonly timestamp: number }>[];
    }): Promise<{ readonly responses: readonly { readonly partitions: readonly { readonly offset: string }[] }[] }>;
    initProducerId(request: {
      readonly transactionTimeout: number;
    }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
    joinGroup(request: {
      readonly groupId: string;
      /** Empty for a new member: it gets one, and joins with it. */
      readonly memberId: string;
      readonly sessionTimeout: number;
      readonly rebalanceTimeout: number;
      readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
    }): Promise<{
      readonly generationId: number;
      readonly memberId: string;
      /** Only for the one that leads. */
      readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
    }>;
    syncGroup(request: {
      readonly groupId: string;
      readonly generationId: number;
      readonly memberId: string;
      readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
    }): Promise<{ readonly memberAssignment: Buffer }>;
    heartbeat(request: { readonly groupId: string; readonly groupGenerationId: number; readonly memberId: string }): Promise<unknown>;
    offsetCommit(request: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
      readonly topics: readonly OfPartitions<{ readonly partition: number; readonly offset: string }>[];
    }): Promise<unknown>;
    offsetFetch(request: {
      readonly groupId: string;
      readonly topics: readonly OfPartitions<{ readonly partition: number }>[];
    }): Promise<{ readonly responses: readonly OfPartitions<{ readonly partition: number; readonly offset: string }>[] }>;
    leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
  }

  export default class Cluster {
    constructor(
      options: KafkaConfig & { readonly logger: Logger; readonly metadataMaxAge: number; readonly allowAutoTopicCreation: boolean },
    );
    readonly brokerPool: {
      readonly seedBroker?: RawBroker;
      readonly metadata: { readonly brokers: readonly unknown[] } | null;
    };
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    isConnected(): boolean;
    addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
    refreshMetadata(): Promise<void>;
    refreshMetadataIfNecessary(): Promise<void>;
    removeBroker(address: { readonly host: string; readonly port: number }): void;
    findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
    findBroker(node: { readonly nodeId: string }): Promise<RawBroker>;
    findControllerBroker(): Promise<RawBroker>;
    findGroupCoordinator(group: { readonly groupId: string }): Promise<RawBroker>;
  }
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/network/connection.js' {
  export default class Connection {
    connect(): Promise<unknown>;
  }
}
