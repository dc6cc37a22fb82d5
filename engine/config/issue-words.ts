import type { z } from 'zod';
import { nearest } from './problem.ts';

/** What to say of a key that nobody knows, with the one that was probably meant. */
export function unknownKey(key: string, known: readonly string[]): string {
  const suggestion = nearest(key, known);
  if (suggestion !== undefined) return `is not a key; did you mean "${suggestion}"?`;
  return known.length === 0 ? 'is not a key here' : `is not a key; expected one of ${known.join(', ')}`;
}

/**
 * What a check of the schema expected, and what it got: the same words in the configuration file, on the command line and over HTTP.
 *
 * @param given the value, left out where it may hold a secret.
 */
export function expectation(issue: z.core.$ZodIssue, given?: { readonly value: unknown }): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing';
  const words = expected(issue);
  return given === undefined || !words.startsWith('expected') ? words : `${words}; got ${briefly(given.value)}`;
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return isOwn(issue.message) ? issue.message : `expected ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue)}`;
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue)}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'expected a time such as 2026-11-22T14:00:00Z' : lowerFirst(issue.message);
    default:
      return lowerFirst(issue.message.replace(/^Invalid input: /, ''));
  }
}

/** Not of the library that checks. */
function isOwn(message: string): boolean {
  return message.startsWith('expected');
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys and values',
};

function unitOf({ origin }: { readonly origin: string }): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

const SHOWN_CHARACTERS = 80;

function briefly(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  if (typeof value === 'object') return 'a mapping';
  return (typeof value === 'string' ? JSON.stringify(value) : String(value)).slice(0, SHOWN_CHARACTERS);
}

/**
 * What is wrong with a value that may be one of several things: what is wrong with the one that it is like. `false` is like no text, and a
 * text like no mapping.
 */
export function meantIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((issues) => !issues.some(isOfAnotherKind));
  return meant?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
