/** Something wrong in the configuration file: where it stands, and what was expected. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `cameras[2].fps`; empty for the file as a whole. */
  readonly path: string;
  /** What follows the path; or, beginning with a capital, a whole sentence. */
  readonly sentence: string;
}

/** One line a problem, in the form that editors and terminals can jump to. */
export function describeProblem({ file, line, column, path, sentence }: Problem): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}${/^[A-Z]/.test(sentence) ? ':' : ''} `}${sentence}`;
}

export function printPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}

/** The known word that is nearest to a mistyped one, if any is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known.map((candidate) => ({ candidate, edits: editDistance(word, candidate) })).sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein's distance: how many letters must be changed, added or taken out. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
