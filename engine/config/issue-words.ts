import type { z } from 'zod';
import { nearest } from './problem.ts';

/** What to say of a key that nobody knows, with the one that was probably meant. */
export function unknownKey(key: string, known: readonly string[]): string {
  const suggestion = nearest(key, known);
  if (suggestion !== undefined) return `is not a key; did you mean "${suggestion}"?`;
  return known.length === 0 ? 'is not a key here' : `is not a key; expected one of ${known.join(', ')}`;
}

/** What a check of the schema expected. */
export function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing';
  return lowerFirst(issue.message.replace(/^Invalid input: /, ''));
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
