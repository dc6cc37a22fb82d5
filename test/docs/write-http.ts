/**
 * Writes the table of a camera's keys into `docs/http.md`, from the schema that reads them: node test/docs/write-http.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { cameraSchema } from '../../engine/config/configuration.ts';
import { replaceBlock } from './marked-block.ts';

const PAGE = new URL('../../docs/http.md', import.meta.url);

interface Key {
  readonly description?: string;
  readonly default?: unknown;
}

/** One row a key, in the order of the schema. */
export function cameraKeysTable(): string {
  const { properties } = z.toJSONSchema(cameraSchema(), { io: 'input' }) as { properties: Record<string, Key> };
  const rows = Object.entries(properties).map(([name, { description = '', default: usual }]) => {
    return `| \`${name}\` | ${usual === undefined ? '–' : `\`${JSON.stringify(usual)}\``} | ${description} |`;
  });
  return ['| key | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

if (import.meta.main) writeFileSync(PAGE, replaceBlock(readFileSync(PAGE, 'utf8'), 'keys', cameraKeysTable()));
