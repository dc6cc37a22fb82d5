/**
 * Writes what was measured, and what `ocelli plan` makes of it, into `docs/sizing.md`: node test/docs/write-sizing.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { planLines, workloadOf } from '../../engine/cli/plan-command.ts';
import { configurationSchema } from '../../engine/config/configuration.ts';
import { MEASURED, type Measured } from '../../engine/plan/measured-costs.ts';
import { planSite } from '../../engine/plan/plan-site.ts';
import { replaceBlock } from './marked-block.ts';

const PAGE = new URL('../../docs/sizing.md', import.meta.url);
const CAMERAS = [10, 100, 1000, 10_000];

/** The page with its figures as they are now. */
export function sizingPage(page = readFileSync(PAGE, 'utf8')): string {
  return replaceBlock(replaceBlock(page, 'measured', measuredTable()), 'plans', CAMERAS.map(workedOut).join('\n\n'));
}

function measuredTable(): string {
  const rows = Object.values<Measured>(MEASURED).map(
    ({ what, value, unit, command }) => `| ${what} | ${shown(value, unit)} | \`${command}\` |`,
  );
  return ['| what | figure | printed by |', '| --- | --- | --- |', ...rows].join('\n');
}

function shown(value: number, unit: Measured['unit']): string {
  if (unit === 'bytes' && value >= 2 ** 20) return `${Number((value / 2 ** 20).toPrecision(3))} MiB`;
  return `${value} ${unit}`;
}

/** What the command prints where no configuration file is. */
function workedOut(cameras: number): string {
  const options = { cameras, source: { width: 1280, height: 720, framesPerSecond: 25 }, cores: 8 };
  const lines = planLines(planSite(workloadOf(configurationSchema().parse({}), { width: 320, height: 192 }, options)));
  return `### ${cameras} cameras\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

if (import.meta.main) writeFileSync(PAGE, sizingPage());
