import { z } from 'zod';
import { TOPICS, type Topic } from './topic.ts';

/**
 * The published JSON Schema (draft 2020-12) of a topic's records. It allows fields that it does not name: a later version may add some,
 * and whoever validates with today's schema must not refuse tomorrow's records.
 */
export function topicSchema(topic: Topic): object {
  const { $schema, ...schema } = z.toJSONSchema(TOPICS[topic].schema, { io: 'output', override: allowUnknownFields });
  return { $schema, $id: `urn:ocelli:schema:${topic}:v1`, title: `A record of the topic ${topic}`, ...schema };
}

function allowUnknownFields({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}
