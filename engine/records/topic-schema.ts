import { z } from 'zod';
import { TOPICS, type Topic } from './topic.ts';

/** The published JSON Schema (draft 2020-12) of a topic's records. */
export function topicSchema(topic: Topic): object {
  const { $schema, ...schema } = z.toJSONSchema(TOPICS[topic].schema, { io: 'output' });
  return { $schema, $id: `urn:ocelli:schema:${topic}:v1`, title: `A record of the topic ${topic}`, ...schema };
}
