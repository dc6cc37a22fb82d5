import { z } from 'zod';
import { type CameraEntry, type Configuration, cameraSchema, configurationSchema, type OperatorSettings } from './configuration.ts';
import { ConfigurationSource } from './configuration-source.ts';
import type { Problem } from './problem.ts';

export interface ReadOptions {
  readonly operators?: OperatorSettings;
  readonly environment?: NodeJS.ProcessEnv;
}

/** What can be judged by looking beyond the file: whether the model and the recordings are there. What could not be read is left out. */
export interface JudgedParts {
  readonly model?: string | undefined;
  readonly provider?: Configuration['provider'] | undefined;
  readonly server?: Configuration['server'] | undefined;
  readonly log?: Configuration['log'] | undefined;
  readonly frames?: Configuration['frames'] | undefined;
  /** In the order of the file. */
  readonly cameras: readonly (Pick<CameraEntry, 'url' | 'enabled'> | undefined)[];
}

type Path = readonly PropertyKey[];

/** A configuration that was looked at as a whole, right or wrong. */
export interface Inspection {
  /** In the order of the file. */
  readonly problems: readonly Problem[];
  /** Only where there are no problems. */
  readonly configuration: Configuration | undefined;
  readonly parts: JudgedParts;
  /** A problem that was found elsewhere, at its place in the file. */
  locate(path: Path, sentence: string): Problem;
}

/** Looks at the whole of a configuration, so that all that is wrong can be told in one go. */
export function inspectConfiguration(
  text: string,
  file: string,
  { operators = {}, environment = process.env }: ReadOptions = {},
): Inspection {
  const source = new ConfigurationSource(text, file);
  const locate = (path: Path, sentence: string) => source.problem(path, sentence);
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) return { problems: syntax, configuration: undefined, parts: NOTHING, locate };
  const unset = source.fill(environment);
  const said = withState(source.toJS());
  if (said === undefined) return { problems: [locate([], TOO_MANY_ALIASES)], configuration: undefined, parts: NOTHING, locate };
  const schema = configurationSchema(operators, file);
  const result = schema.safeParse(said);
  const wrong = result.success ? [] : result.error.issues.flatMap((issue) => source.problemsOf(issue, schema, said));
  const problems = inFileOrder([...unset, ...wrong, ...duplicates(said, locate)]);
  if (problems.length > 0 || !result.success) return { problems, configuration: undefined, parts: readableParts(said, file), locate };
  return { problems, configuration: result.data as Configuration, parts: result.data as Configuration, locate };
}

/** State without an address lies in the file of its log: beside another one it would stand at positions of another log. */
function withState(said: unknown): unknown {
  const { log, state } = (said ?? {}) as { readonly log?: unknown; readonly state?: unknown };
  const isInFile = typeof log === 'string' && /^sqlite:./.test(log);
  return isInFile && state === undefined ? { ...(said as object), state: log } : said;
}

const NOTHING: JudgedParts = { cameras: [] };
const TOO_MANY_ALIASES = 'has too many aliases of anchors (more than 100 uses); write the values out';

/** `problems` in the order in which people read the file. */
export function inFileOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function duplicates(said: unknown, locate: Inspection['locate']): Problem[] {
  const ids = camerasIn(said).map((camera) => (camera as { readonly id?: unknown } | null)?.id);
  return ids.flatMap((id, index) => {
    const first = ids.indexOf(id);
    if (typeof id !== 'string' || first === index) return [];
    return [locate(['cameras', index, 'id'], `is "${id}", as is cameras[${first}].id; every camera needs an id of its own`)];
  });
}

/** Of a configuration with mistakes: what is right in it. */
function readableParts(said: unknown, file: string): JudgedParts {
  const { model, provider, server, log, frames } = configurationSchema({}, file).shape;
  const { url, enabled } = cameraSchema(file).shape;
  const camera = z.object({ url, enabled });
  const given = said as Readonly<Record<string, unknown>>;
  return {
    model: model.safeParse(given['model']).data,
    provider: provider.safeParse(given['provider']).data,
    server: server.safeParse(given['server']).data,
    log: log.safeParse(given['log']).data,
    frames: frames.safeParse(given['frames']).data,
    cameras: camerasIn(said).map((entry) => camera.safeParse(entry).data),
  };
}

function camerasIn(said: unknown): readonly unknown[] {
  const { cameras } = said as { readonly cameras?: unknown };
  return Array.isArray(cameras) ? cameras : [];
}
