import { z } from 'zod';
import { CAUSES, type CameraStatus } from '../connectors/index.ts';
import { ROLES } from '../engine/cli/role-names.ts';

/** Rises when a reader of older facts would misunderstand newer ones. */
const VERSION = 1;

const count = z.number().min(0);

const cameraStatus = z.object({
  camera: z.string(),
  state: z.enum(['starting', 'running', 'stalled', 'backing-off', 'disabled', 'ended']),
  cause: z.enum(CAUSES).exactOptional(),
  detail: z.string().exactOptional(),
  since: z.number(),
  nextTryAt: z.number().exactOptional(),
  fps: count,
  counters: z.object({
    frames: count,
    packets: count,
    lostPackets: count,
    decodeErrors: count,
    skippedPictures: count,
    truncatedFrames: count,
    skippedMessageBytes: count,
    restarts: z.partialRecord(z.enum(CAUSES), count),
  }),
  lastLines: z.array(z.string()),
}) satisfies z.ZodType<CameraStatus>;

/** How far behind a role is in each of its partitions: records that it has not taken yet. */
const lag = z.record(z.string(), count);

const connectFacts = z.object({
  cameras: z.array(cameraStatus).describe('The cameras whose leases it holds, and those that it cannot open.'),
  unreachable: z.array(z.string()).describe('Recordings of the configuration that do not lie on this machine.'),
});
const detectFacts = z.object({ workers: count, framesPerSecond: count, partitions: z.array(count), lag });
const analyseFacts = z.object({
  tasks: z.array(
    z.object({
      partition: count,
      position: count.describe('The first record that it has not processed.'),
      saved: count.describe('The first record that is not in its state.'),
      epoch: count.describe('How often the task was taken over.'),
      lag: count.describe('Records that it has not processed, as of a few seconds ago.'),
    }),
  ),
});
const serveFacts = z.object({ watchers: count.describe('Open pages.') });

const memberFacts = z.object({
  v: z.literal(VERSION),
  host: z.string(),
  pid: count,
  version: z.string().describe('Of Ocelli.'),
  roles: z.array(z.enum([...ROLES, 'all'])).describe('`all`: the whole site in one process.'),
  startedMs: z.number().describe('When it started, by its own clock.'),
  nowMs: z.number().describe('Its clock when it said this.'),
  aheadMs: z.number().describe('How far its clock is ahead of that of the state store; good to half a round trip.'),
  settings: z.record(z.string(), z.string()).describe('Hashes of the parts of its configuration that all members must agree on.'),
  url: z.string().exactOptional().describe('Where its server answers.'),
  connect: connectFacts.exactOptional(),
  detect: detectFacts.exactOptional(),
  analyse: analyseFacts.exactOptional(),
  serve: serveFacts.exactOptional(),
});

/** What a member of the cluster says about itself; nothing in it is a secret. */
export type MemberFacts = z.infer<typeof memberFacts>;
/** What the roles of a member add. */
export type RoleFacts = Pick<MemberFacts, 'connect' | 'detect' | 'analyse' | 'serve'>;

/** Facts as the store keeps them: JSON under one name. */
export function packFacts(facts: Omit<MemberFacts, 'v'>): Readonly<Record<string, string>> {
  return { facts: JSON.stringify({ v: VERSION, ...facts }) };
}

/** @returns `undefined` for what another version of Ocelli said, or somebody else */
export function readFacts({ facts = 'null' }: Readonly<Record<string, string>>): MemberFacts | undefined {
  return memberFacts.safeParse(parsed(facts)).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
