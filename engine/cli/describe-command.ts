import { z } from 'zod';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { printTable } from './table.ts';

/** Says which operators there are, what flows between them, and what can be set. */
export function describeCommand(application: Application, { json }: { readonly json: boolean }): number {
  const operators = application.describe();
  const settings = Object.entries(application.operators).map(([name, schema]) => ({
    name,
    schema: z.toJSONSchema(schema, { io: 'input' }) as SettingsSchema,
  }));
  if (json) {
    console.log(JSON.stringify({ operators, settings: Object.fromEntries(settings.map(({ name, schema }) => [name, schema])) }));
    return EXIT.ok;
  }
  printTable(
    ['operator', 'kind', 'consumes', 'emits'],
    operators.map(({ name, kind, consumes, emits }) => [name, kind, consumes, emits.join(', ')]),
  );
  for (const { name, schema } of settings) printSettings(name, schema);
  return EXIT.ok;
}

interface SettingsSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string; readonly default?: unknown }>>;
}

function printSettings(name: string, { properties = {} }: SettingsSchema): void {
  console.log();
  printTable(
    [`settings of ${name}`, 'default', 'effect'],
    Object.entries(properties).map(([key, { description = '', default: value }]) => [
      key,
      value === undefined ? '–' : JSON.stringify(value),
      description,
    ]),
  );
}
