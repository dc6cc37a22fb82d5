import { z } from 'zod';
import { configurationSchema } from '../config/configuration.ts';
import { topicSchema } from '../records/topic-schema.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { readTopic } from './tail-command.ts';

/** Prints the JSON Schema of a topic's records, or of the configuration file (`config`). */
export function schemaCommand(application: Application, name: string): number {
  const schema =
    name === 'config' ? z.toJSONSchema(configurationSchema(application.operators), { io: 'input' }) : topicSchema(readTopic(name));
  console.log(JSON.stringify(schema, null, 2));
  return EXIT.ok;
}
