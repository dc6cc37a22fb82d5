import { existsSync } from 'node:fs';
import { type Configuration, configurationSchema } from '../config/configuration.ts';
import { readConfiguration } from '../config/read-configuration.ts';
import { MEASURED } from '../plan/measured-costs.ts';
import { planSentences } from '../plan/plan-sentences.ts';
import { planSite, type SitePlan } from '../plan/plan-site.ts';
import type { Workload } from '../plan/workload.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';
import { tableLines } from './table.ts';

const DEFAULT_FPS = 10;
const DEFAULT_REPLICAS = 3;

export interface PlanOptions {
  /** Instead of those of the file: its cameras so often that there are so many. */
  readonly cameras?: number;
  readonly source: Workload['source'];
  readonly cores: number;
  /** Processor time of a frame in milliseconds, for another model than the starter model. */
  readonly inference?: number;
  readonly json: boolean;
}

/** Says what a configuration needs: processes, cores, memory, partitions, disk; and whether one machine is enough. */
export async function planCommand(application: Application, file: string, options: PlanOptions): Promise<number> {
  const configuration = readOrDefault(application, file, options);
  const model = await application.modelInput(configuration, file);
  const plan = planSite(workloadOf(configuration, model, options));
  if (options.json) {
    console.log(JSON.stringify(plan));
    return EXIT.ok;
  }
  for (const line of planLines(plan)) console.log(line);
  return EXIT.ok;
}

/** A plan for people. */
export function planLines(plan: SitePlan): string[] {
  const { before, roles, after } = planSentences(plan);
  return [...before, '', ...tableLines(['role', 'processes', 'cores each', 'memory each', 'because'], roles), '', ...after];
}

/** With a number of cameras nothing needs to be written yet. */
function readOrDefault({ operators }: Application, file: string, { cameras }: PlanOptions): Configuration {
  if (cameras !== undefined && !existsSync(file)) return configurationSchema(operators, file).parse({});
  return readConfiguration(file, { operators });
}

/** What the cameras of a configuration ask for. */
export function workloadOf(configuration: Configuration, model: Workload['model'], options: Omit<PlanOptions, 'json'>): Workload {
  const enabled = configuration.cameras.filter(({ enabled }) => enabled);
  const meanFps = enabled.length === 0 ? DEFAULT_FPS : enabled.reduce((sum, { fps }) => sum + fps, 0) / enabled.length;
  const cameras = options.cameras ?? enabled.length;
  const { log } = configuration;
  return {
    cameras,
    framesPerSecond: cameras * meanFps,
    source: options.source,
    model: { width: model.width, height: model.height },
    inferenceMs: options.inference ?? MEASURED.inference.value,
    encoding: configuration.frames.encoding,
    replicas: (log.kind === 'kafka' ? log.replicas : undefined) ?? DEFAULT_REPLICAS,
    coresAMachine: options.cores,
  };
}
