import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { fillVariables, missingVariables } from './environment.ts';
import { expectation, lowerFirst, meantIssues, unknownKey } from './issue-words.ts';
import { type Problem, printPath } from './problem.ts';
import { keysAt } from './schema-keys.ts';

type Path = readonly PropertyKey[];

/** A configuration as it is written: what it says, and where each thing of it stands. */
export class ConfigurationSource {
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;
  private readonly file: string;
  /** Paths of values that came out of the environment, and may therefore be secrets. */
  private readonly filled = new Set<string>();
  /** Paths of values that need a variable that is not set: nothing can be said of them. */
  private readonly unfilled: Path[] = [];

  constructor(text: string, file: string) {
    this.file = file;
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: true });
  }

  syntaxProblems(): Problem[] {
    return this.document.errors.map((error) => this.at(error.pos[0], '', lowerFirst(error.message)));
  }

  /** Puts values of the environment in place; tells which are not set. */
  fill(environment: NodeJS.ProcessEnv): Problem[] {
    const problems: Problem[] = [];
    visit(this.document, {
      Scalar: (key, node, ancestors) => {
        if (typeof node.value !== 'string' || key === 'key' || !node.value.includes('${')) return;
        const path = pathOf([...(ancestors as readonly Node[]), node]);
        const missing = missingVariables(node.value, environment);
        problems.push(...missing.map((name) => this.problem(path, `needs the environment variable ${name}, which is not set`)));
        if (missing.length > 0) this.unfilled.push(path);
        this.filled.add(printPath(path));
        node.value = fillVariables(node.value, environment);
      },
    });
    return problems;
  }

  /** What it says; `undefined` with more aliases of anchors than anybody writes. */
  toJS(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: 100 }) ?? {};
    } catch (error) {
      if (error instanceof ReferenceError) return undefined;
      throw error;
    }
  }

  /** What is wrong with a value, unless it could not be filled in. @param said all that the source says */
  problemsOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType, said: unknown): Problem[] {
    if (this.unfilled.some((path) => path.every((part, index) => issue.path[index] === part))) return [];
    return meantIssues(issue).flatMap((meant) => this.problemsOfOne(meant, schema, said));
  }

  private problemsOfOne(issue: z.core.$ZodIssue, schema: z.core.$ZodType, said: unknown): Problem[] {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => this.problem([...path, key], unknownKey(key, keysAt(schema, path)), true));
    return [this.problem(path, expectation(issue, this.mayShow(path) ? { value: valueAt(said, path) } : undefined))];
  }

  /** An address may hold a password, and a value of the environment may be one. */
  private mayShow(path: Path): boolean {
    return !SECRET_KEYS.has(String(path.at(-1))) && !this.filled.has(printPath(path));
  }

  problem(path: Path, sentence: string, atKey = false): Problem {
    return this.at(this.offsetOf(path, atKey), printPath(path), sentence);
  }

  /** Where the value of a path stands, or the nearest thing above it. */
  private offsetOf(path: Path, atKey: boolean): number {
    const parent = this.document.getIn(path.slice(0, -1) as never[], true);
    if (atKey && isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1));
      if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = this.document.getIn(path as never[], true);
    if (isNode(node)) return node.range?.[0] ?? 0;
    return path.length === 0 ? 0 : this.offsetOf(path.slice(0, -1), false);
  }

  at(offset: number, path: string, sentence: string): Problem {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col), path, sentence };
  }
}

const SECRET_KEYS: ReadonlySet<string> = new Set(['url', 'token', 'log', 'state']);

/** The path of the last of these nodes, each of which holds the next. */
function pathOf(nodes: readonly Node[]): Path {
  return nodes.flatMap((node, index): PropertyKey[] => {
    if (isPair(node) && isScalar(node.key)) return [String(node.key.value)];
    return isSeq(node) ? [node.items.indexOf(nodes[index + 1])] : [];
  });
}

function valueAt(said: unknown, path: Path): unknown {
  return path.reduce((value: unknown, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part], said);
}
