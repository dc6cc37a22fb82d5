import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { configurationSchema } from '../config/configuration.ts';
import { OcelliError } from '../errors.ts';
import { isTopic, TOPIC_NAMES } from '../records/topic.ts';
import { topicSchema } from '../records/topic-schema.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';

const CONFIG = 'config';

/** Prints the JSON Schema of a topic's records or of the configuration file; or writes all of them into a folder. */
export function schemaCommand(application: Application, name: string | undefined, { write }: { readonly write?: string }): number {
  if (write !== undefined) writeSchemas(application, write);
  else console.log(schemaText(application, name).trimEnd());
  return EXIT.ok;
}

/** The text of a schema file. */
export function schemaText(application: Pick<Application, 'operators'>, name: string | undefined): string {
  return `${JSON.stringify(schemaOf(application, name), null, 2)}\n`;
}

function schemaOf({ operators }: Pick<Application, 'operators'>, name: string | undefined): object {
  if (name === CONFIG) return z.toJSONSchema(configurationSchema(operators), { io: 'input' });
  if (name !== undefined && isTopic(name)) return topicSchema(name);
  throw new OcelliError(
    'TOPIC_UNKNOWN',
    `${name === undefined ? 'The name of a schema is missing' : `There is no schema of ${JSON.stringify(name)}`}; expected ${CONFIG} or a topic: ${TOPIC_NAMES.join(', ')}.`,
  );
}

function writeSchemas(application: Application, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of [CONFIG, ...TOPIC_NAMES]) writeFileSync(join(folder, `${name}.v1.json`), schemaText(application, name));
}
