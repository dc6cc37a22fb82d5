/**
 * Writes the table of metrics into `docs/metrics.md`, from the definitions that fill them: node test/docs/write-metrics.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Metrics } from '../../engine/observe/metrics.ts';
import { replaceBlock } from './marked-block.ts';

const PAGE = new URL('../../docs/metrics.md', import.meta.url);

/** One row a metric of ours, by name. */
export async function metricsTable(): Promise<string> {
  const { registry } = new Metrics();
  const told = await registry.getMetricsAsJSON();
  const rows = told
    .filter(({ name }) => name.startsWith('ocelli_'))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ name, type, help }) => `| \`${name}\` | ${String(type)} | ${labelsOf(registry.getSingleMetric(name))} | ${help} |`);
  return ['| name | type | labels | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** prom-client keeps the names of labels in a field that its types leave out. */
function labelsOf(metric: unknown): string {
  const { labelNames = [] } = metric as { readonly labelNames?: readonly string[] };
  return labelNames.map((label) => `\`${label}\``).join(', ') || '–';
}

if (import.meta.main) writeFileSync(PAGE, replaceBlock(readFileSync(PAGE, 'utf8'), 'metrics', await metricsTable()));
