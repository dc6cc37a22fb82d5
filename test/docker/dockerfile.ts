import { readFileSync } from 'node:fs';

/** An instruction of a Dockerfile: `COPY` and what stands behind it. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The stages of a Dockerfile by name, each with its instructions in order. */
export function readDockerfile(file = 'docker/Dockerfile'): ReadonlyMap<string, readonly Instruction[]> {
  const stages = new Map<string, Instruction[]>();
  let stage: Instruction[] = [];
  for (const line of readFileSync(file, 'utf8').replaceAll('\\\n', ' ').split('\n')) {
    const [, name = '', text = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      stage = [];
      stages.set(/ AS (\S+)$/.exec(text)?.[1] ?? text, stage);
    }
    if (name !== '') stage.push({ name, text: text.replace(/ +/g, ' ') });
  }
  return stages;
}

/** What the stage says of something, as its JSON has it: `CMD`, `ENTRYPOINT`, `HEALTHCHECK`. */
export function commandOf(stage: readonly Instruction[], name: string): string[] {
  const text = stage.find((instruction) => instruction.name === name)?.text ?? '[]';
  return JSON.parse(text.slice(text.indexOf('['))) as string[];
}
