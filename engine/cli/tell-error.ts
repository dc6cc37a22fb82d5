import type { Problem } from '../config/problem.ts';
import { OcelliError, sentenceOf } from '../errors.ts';

/**
 * Says what went wrong: to people as sentences on standard error; to programs, which asked for `--json`, on standard output as
 * `{ error, code, problems }`, the last one where the mistakes stand in a file.
 */
export function tellError(error: unknown, json: boolean): void {
  if (json) console.log(JSON.stringify({ error: sentenceOf(error), ...factsOf(error) }));
  else console.error(sentencesOf(error));
}

function factsOf(error: unknown): object {
  if (!(error instanceof OcelliError)) return {};
  const problems = problemsOf(error)?.map(({ sentence, ...place }) => ({ ...place, message: sentence }));
  return { code: error.code, ...(problems === undefined ? {} : { problems }) };
}

/** Several mistakes stand below each other, each with its place first, where editors and terminals look for it. */
function sentencesOf(error: unknown): string {
  const mistakes = error instanceof OcelliError ? (problemsOf(error)?.length ?? 0) : 0;
  return mistakes > 1 ? `ocelli: ${mistakes} mistakes:\n${sentenceOf(error)}` : `ocelli: ${sentenceOf(error)}`;
}

function problemsOf({ context }: OcelliError): readonly Problem[] | undefined {
  return context['problems'] as readonly Problem[] | undefined;
}
