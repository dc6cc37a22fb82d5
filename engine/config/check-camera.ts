import type { z } from 'zod';
import { cameraSchema } from './configuration.ts';
import { fillVariables, missingVariables } from './environment.ts';
import { expectation, meantIssues, unknownKey } from './issue-words.ts';

/** What is wrong with one key of a camera, as a sentence; an empty `field` is the camera as a whole. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface CheckOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** The file that the camera will stand in; without it `file:` addresses are refused. */
  readonly file?: string;
  /** Only some keys are given, to be changed. */
  readonly partial?: boolean;
}

/** Holds the keys of a camera against the schema that reads the file. No value of an address is ever repeated. */
export function checkCamera(fields: Readonly<Record<string, unknown>>, { environment, file, partial = false }: CheckOptions): FieldError[] {
  const { url } = fields;
  const missing = typeof url === 'string' ? missingVariables(url, environment) : [];
  if (missing.length > 0) return missing.map((name) => ({ field: 'url', message: unset(name) }));
  const filled = typeof url === 'string' ? { ...fields, url: fillVariables(url, environment) } : fields;
  const schema = partial ? cameraSchema(file).partial() : cameraSchema(file);
  const result = schema.safeParse(filled);
  return result.success ? [] : result.error.issues.flatMap((issue) => errorsOf(issue, fields));
}

function unset(name: string): string {
  return `The address needs the environment variable ${name}, which is not set where Ocelli runs. Set it there and start Ocelli again.`;
}

function errorsOf(issue: z.core.$ZodIssue, fields: Readonly<Record<string, unknown>>): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(cameraSchema().shape);
    return issue.keys.map((key) => ({ field: key, message: sentence(`"${key}" ${unknownKey(key, known)}`) }));
  }
  const field = String(issue.path[0] ?? '');
  return meantIssues(issue).map((meant) => ({ field, message: sentence(wordsOf(meant, field, fields[field])) }));
}

function wordsOf(issue: z.core.$ZodIssue, field: string, value: unknown): string {
  if (value === undefined) return 'A value is needed';
  return field === 'url' ? `The address ${expectation(issue)}` : expectation(issue, { value });
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.?!]$/.test(words) ? '' : '.'}`;
}
