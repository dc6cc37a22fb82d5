import type { Admin } from 'kafkajs';
import { OcelliError } from '../../errors.ts';
import { type KafkaSettings, whereKafkaIs } from './kafka-settings.ts';
import type { KafkaClient } from './kafkajs-door.ts';
import { type PlannedTopic, planTopics } from './topic-plan.ts';

const PARTITIONS = 8;
const REPLICAS = 3;
/** The kind of resource whose configuration is asked for: a topic. */
const TOPIC_RESOURCE = 2;
/**
 * Settings with which records would be lost or could not be read unless they are as planned, and which other values do as well. All other
 * differences are somebody's choice: they are only told.
 */
const MUST_BE: Readonly<Record<string, readonly string[]>> = {
  'cleanup.policy': [],
  'message.timestamp.type': [],
  'compression.type': ['uncompressed', 'gzip'],
};

export interface Topics {
  readonly partitions: number;
  /** What differs from how we would have made a topic, a sentence each. */
  readonly differences: readonly string[];
}

/** Which topics there should be, and how they should be made. */
type TopicPlan = (settings: KafkaSettings, partitions: number, replicas: number) => PlannedTopic[];

/**
 * Makes the topics that are not there, and holds those that are against what they should be.
 * @throws OcelliError LOG_TOPIC_DIFFERS, naming what was expected and what was found; TOPIC_UNKNOWN when nothing may be made
 */
export async function ensureTopics(
  { kafka }: KafkaClient,
  settings: KafkaSettings,
  { make, plan = planTopics }: { readonly make: boolean; readonly plan?: TopicPlan },
): Promise<Topics> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    const replicas = settings.replicas ?? Math.min(REPLICAS, brokers.length);
    const names = plan(settings, 1, replicas).map(({ name }) => name);
    const there = (await admin.listTopics()).filter((name) => names.includes(name));
    const partitions = await partitionsOf(admin, settings, there);
    const planned = plan(settings, partitions, replicas);
    const found = planned.filter(({ name }) => there.includes(name));
    const missing = planned.filter(({ name }) => !there.includes(name));
    if (missing.length > 0 && !make) throw notThere(settings, missing);
    if (missing.length > 0) await create(admin, missing, partitions, replicas);
    // New topics have brokers that lead them a moment later, also when another process made them: said here, it is tried again for longest.
    await Promise.all(planned.map(({ name }) => admin.fetchTopicOffsets(name)));
    return { partitions, differences: await compare(admin, found) };
  } finally {
    await admin.disconnect();
  }
}

/**
 * How many partitions the topics have that are there, or are to get when none is. All must have as many, since a camera has the same one in
 * every topic.
 */
async function partitionsOf(admin: Admin, settings: KafkaSettings, there: string[]): Promise<number> {
  if (there.length === 0) return settings.partitions ?? PARTITIONS;
  const { topics } = await admin.fetchTopicMetadata({ topics: there });
  const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  const [first = PARTITIONS] = counts.values();
  const expected = settings.partitions ?? first;
  for (const [name, found] of counts) if (found !== expected) throw wrongPartitions(name, expected, found, settings);
  return expected;
}

async function create(admin: Admin, missing: readonly PlannedTopic[], partitions: number, replicas: number): Promise<void> {
  const topics = missing.map(({ name, config }) => ({
    topic: name,
    numPartitions: partitions,
    replicationFactor: replicas,
    configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
  }));
  // False: another process of the site made them at the same moment.
  await admin.createTopics({ topics, waitForLeaders: true });
}

async function compare(admin: Admin, planned: readonly PlannedTopic[]): Promise<string[]> {
  if (planned.length === 0) return [];
  const asked = planned.map(({ name, config }) => ({ type: TOPIC_RESOURCE, name, configNames: Object.keys(config) }));
  const { resources } = await admin.describeConfigs({ resources: asked, includeSynonyms: false });
  return planned.flatMap(({ name, config }) => {
    const found = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    return found.flatMap(({ configName, configValue }) => difference(name, configName, config[configName], configValue));
  });
}

function difference(topic: string, setting: string, expected: string | undefined, found: string): string[] {
  if (expected === undefined || expected === found) return [];
  const sentence = `Topic ${topic} has ${setting}=${found}; expected ${expected}.`;
  if (MUST_BE[setting]?.includes(found) !== false) return [sentence];
  const what = `${sentence} Records would be lost or could not be read. Change it on the broker, or use other topics: \`prefix\` in \`log:\`.`;
  throw new OcelliError('LOG_TOPIC_DIFFERS', what, { topic, setting, expected, found });
}

function wrongPartitions(topic: string, expected: number, found: number, { partitions }: KafkaSettings): OcelliError {
  const why = partitions === undefined ? 'as the other topics of the site have' : 'as `partitions` in `log:` says';
  const what = `Topic ${topic} has ${found} partitions; expected ${expected}, ${why}. A camera has the same partition in every topic.`;
  return new OcelliError('LOG_TOPIC_DIFFERS', `${what} Set \`partitions\`, or use other topics: \`prefix\` in \`log:\`.`, {
    topic,
    setting: 'partitions',
    expected,
    found,
  });
}

function notThere(settings: KafkaSettings, missing: readonly PlannedTopic[]): OcelliError {
  const names = missing.map(({ name }) => name);
  return new OcelliError(
    'TOPIC_UNKNOWN',
    `${whereKafkaIs(settings)} has no topic ${names.join(', ')}. \`ocelli run\` makes them; is \`prefix\` (${settings.prefix}) the one it uses?`,
    { missing: names },
  );
}
