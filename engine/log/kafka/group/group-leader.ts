import type { Cluster, KafkaClient, RawBroker } from '../kafkajs-door.ts';

/** The broker that leads a consumer group, over connections of their own. */
export class GroupLeader {
  private readonly client: KafkaClient;
  private readonly group: string;
  private readonly topic: string;
  private cluster: Cluster;
  private known: RawBroker | undefined;

  /** @param topic any that is there: brokers are learnt together with a topic only */
  constructor(client: KafkaClient, group: string, topic: string) {
    this.client = client;
    this.group = group;
    this.topic = topic;
    this.cluster = client.newCluster();
  }

  async broker(): Promise<RawBroker> {
    this.known ??= await this.find();
    return this.known;
  }

  /** Forgets connections and who leads: another may by now. Requests under way fail. */
  reconnect(): void {
    // It waits until each request was answered or has timed out; whoever sent it hears of that.
    void this.cluster.disconnect().catch(() => {});
    this.known = undefined;
    this.cluster = this.client.newCluster();
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  private async find(): Promise<RawBroker> {
    const { cluster } = this;
    if (!cluster.isConnected()) await cluster.connect();
    await cluster.addMultipleTargetTopics([this.topic]);
    return cluster.findGroupCoordinator({ groupId: this.group });
  }
}
