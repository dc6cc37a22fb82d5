import { AssignerProtocol } from 'kafkajs';
import { z } from 'zod';
import type { KafkaClient } from '../kafkajs-door.ts';
import type { Claim } from './assign-partitions.ts';
import { GroupLeader } from './group-leader.ts';

/** The way in which partitions are shared; all members of a group must know it. */
const PROTOCOL = 'ocelli-sticky';
const PROTOCOL_VERSION = 1;

export interface GroupFacts {
  /** The group, as the broker knows it. */
  readonly group: string;
  /** The topic whose partitions are shared, as the broker knows it. */
  readonly topic: string;
  /** A member that says nothing for so long is taken for dead. The broker allows 6 s and more unless it is told otherwise. */
  readonly sessionTimeoutMs: number;
}

export interface Joined {
  readonly memberId: string;
  readonly generation: number;
  /** What all members claim, for the one that leads; the others get none, and wait for what it decides. */
  readonly claims: readonly Claim[];
}

const ownClaim = z.object({ owned: z.array(z.int().min(0)), generation: z.int() });

/**
 * The broker that leads a group, by the classic group protocol (https://kafka.apache.org/protocol). Below kafkajs's consumer, which
 * starts work on partitions while they are being taken away, and tells nobody that they are.
 */
export class GroupCoordinator {
  private readonly client: KafkaClient;
  private readonly facts: GroupFacts;
  private readonly leader: GroupLeader;

  constructor(client: KafkaClient, facts: GroupFacts) {
    this.client = client;
    this.facts = facts;
    this.leader = new GroupLeader(client, facts.group, facts.topic);
  }

  /** Waits until all members have joined, or have been given up. @param memberId empty for a new member */
  async join(memberId: string, { owned, generation }: Omit<Claim, 'member'>): Promise<Joined> {
    const { group, topic, sessionTimeoutMs } = this.facts;
    const userData = Buffer.from(JSON.stringify({ owned, generation }));
    const metadata = AssignerProtocol.MemberMetadata.encode({ version: PROTOCOL_VERSION, topics: [topic], userData });
    const broker = await this.leader.broker();
    const joined = await broker.joinGroup({
      groupId: group,
      memberId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs,
      groupProtocols: [{ name: PROTOCOL, metadata }],
    });
    return { memberId: joined.memberId, generation: joined.generationId, claims: joined.members.map(claimOf) };
  }

  /** Tells what the leading member has decided; the others say nothing. @returns the partitions of this member */
  async sync({ memberId, generation }: Joined, decided: ReadonlyMap<string, readonly number[]>): Promise<readonly number[]> {
    const { group, topic } = this.facts;
    const groupAssignment = [...decided].map(([member, partitions]) => ({
      memberId: member,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: PROTOCOL_VERSION,
        assignment: { [topic]: [...partitions] },
        userData: Buffer.alloc(0),
      }),
    }));
    const broker = await this.leader.broker();
    const { memberAssignment } = await broker.syncGroup({ groupId: group, generationId: generation, memberId, groupAssignment });
    return AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment[topic] ?? [];
  }

  async heartbeat(memberId: string, generation: number): Promise<void> {
    const broker = await this.leader.broker();
    await broker.heartbeat({ groupId: this.facts.group, groupGenerationId: generation, memberId });
  }

  /** Says that the member is gone. Over connections of its own: a broker answers one request after another, and a join may wait long. */
  async leave(memberId: string): Promise<void> {
    const other = new GroupCoordinator(this.client, this.facts);
    try {
      const broker = await other.leader.broker();
      await broker.leaveGroup({ groupId: this.facts.group, memberId });
    } finally {
      await other.close();
    }
  }

  /** Forgets connections and who leads: another may by now. Requests under way fail. */
  reconnect(): void {
    this.leader.reconnect();
  }

  async close(): Promise<void> {
    await this.leader.close();
  }
}

function claimOf({ memberId, memberMetadata }: { readonly memberId: string; readonly memberMetadata: Buffer }): Claim {
  const userData = AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData.toString() ?? '';
  return { member: memberId, ...ownClaim.parse(JSON.parse(userData)) };
}
