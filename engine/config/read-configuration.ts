import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { OcelliError } from '../errors.ts';
import { type Configuration, configurationSchema, type OperatorSettings } from './configuration.ts';
import { fillVariables, missingVariables } from './environment.ts';
import { expectation, lowerFirst, meantIssues, unknownKey } from './issue-words.ts';
import { describeProblem, type Problem, printPath } from './problem.ts';

export interface ReadOptions {
  readonly operators?: OperatorSettings;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Reads and checks a configuration file. All problems are told at once, each with file, line and column.
 * @throws OcelliError CONFIG_NOT_FOUND, CONFIG_INVALID (context: `problems`)
 */
export function readConfiguration(file: string, options: ReadOptions = {}): Configuration {
  return parseConfiguration(readText(file), file, options);
}

/** As `readConfiguration`, from a text. `file` is where the problems are said to stand. */
export function parseConfiguration(
  text: string,
  file: string,
  { operators = {}, environment = process.env }: ReadOptions = {},
): Configuration {
  const source = new Source(text, file);
  refuse(source.syntaxProblems());
  refuse(source.fill(environment));
  const schema = configurationSchema(operators, file);
  const result = schema.safeParse(source.toJS());
  refuse(result.success ? [] : result.error.issues.flatMap((issue) => source.problemsOf(issue, schema)));
  refuse(duplicates(source, result.data as Configuration));
  return result.data as Configuration;
}

/** The text of a file. @throws OcelliError CONFIG_NOT_FOUND (context: `reason`, the code of the system), CONFIG_INVALID */
export function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new OcelliError(...unreadable(file, cause));
  }
}

function unreadable(file: string, cause: unknown): ConstructorParameters<typeof OcelliError> {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT')
    return ['CONFIG_NOT_FOUND', `There is no configuration file ${file}. Write one, or try "ocelli demo".`, { file, reason: code }];
  if (code === 'EISDIR')
    return ['CONFIG_NOT_FOUND', `${file} is a folder; expected a configuration file such as ${file}/ocelli.yaml.`, { file }];
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return ['CONFIG_INVALID', `${file} is not UTF-8 text. Save it as UTF-8.`, { file }];
  return ['CONFIG_NOT_FOUND', `${file} cannot be read: ${(cause as Error).message}`, { file, cause }];
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new OcelliError('CONFIG_INVALID', problems.map(describeProblem).join('\n'), { problems });
}

function duplicates(source: Source, { cameras }: Configuration): Problem[] {
  return cameras.flatMap(({ id }, index) => {
    const first = cameras.findIndex((other) => other.id === id);
    if (first === index) return [];
    return [source.problem(['cameras', index, 'id'], `is "${id}", as is cameras[${first}].id; every camera needs an id of its own`)];
  });
}

/** The text as a document that knows its lines. */
class Source {
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;
  private readonly file: string;

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
      Scalar: (_key, node) => {
        if (typeof node.value !== 'string') return;
        const missing = missingVariables(node.value, environment);
        problems.push(
          ...missing.map((name) => this.at(node.range?.[0] ?? 0, '', `needs the environment variable ${name}, which is not set`)),
        );
        node.value = fillVariables(node.value, environment);
      },
    });
    return problems;
  }

  toJS(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: 100 }) ?? {};
    } catch (cause) {
      throw new OcelliError(
        'CONFIG_INVALID',
        `${this.file}:1:1: has too many aliases of anchors (more than 100 uses); write the values out`,
        { cause },
      );
    }
  }

  problemsOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType): Problem[] {
    return meantIssues(issue).flatMap((meant) => this.problemsOfOne(meant, schema));
  }

  private problemsOfOne(issue: z.core.$ZodIssue, schema: z.core.$ZodType): Problem[] {
    if (issue.code !== 'unrecognized_keys') return [this.problem(issue.path, expectation(issue))];
    return issue.keys.map((key) => this.problem([...issue.path, key], unknownKey(key, keysAt(schema, issue.path)), true));
  }

  problem(path: readonly PropertyKey[], sentence: string, atKey = false): Problem {
    return this.at(this.offsetOf(path, atKey), printPath(path), sentence);
  }

  /** Where the value of a path stands, or the nearest thing above it. */
  private offsetOf(path: readonly PropertyKey[], atKey: boolean): number {
    const parent = this.document.getIn(path.slice(0, -1) as never[], true);
    if (atKey && isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1));
      if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = this.document.getIn(path as never[], true);
    if (isNode(node)) return node.range?.[0] ?? 0;
    return path.length === 0 ? 0 : this.offsetOf(path.slice(0, -1), false);
  }

  private at(offset: number, path: string, sentence: string): Problem {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col), path, sentence };
  }
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, [head, ...rest]: readonly PropertyKey[]): readonly string[] {
  const def = schema._zod.def as {
    type: string;
    /** Of what is changed after it was read. */
    in?: z.core.$ZodType;
    /** Of what may be one of several things. */
    options?: readonly z.core.$ZodType[];
    innerType?: z.core.$ZodType;
    element?: z.core.$ZodType;
    shape?: Record<string, z.core.$ZodType>;
  };
  const path = head === undefined ? [] : [head, ...rest];
  if (def.options !== undefined) return def.options.flatMap((option) => keysAt(option, path));
  const inner = def.innerType ?? def.in;
  if (inner !== undefined) return keysAt(inner, path);
  if (def.shape === undefined && def.element === undefined) return [];
  if (head === undefined) return Object.keys(def.shape ?? {});
  const next = def.element ?? def.shape?.[String(head)];
  return next === undefined ? [] : keysAt(next, rest);
}
