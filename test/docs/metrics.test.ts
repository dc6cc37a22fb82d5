import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { replaceBlock } from './marked-block.ts';
import { metricsTable } from './write-metrics.ts';

it('the page of metrics says what there is: `node test/docs/write-metrics.ts` writes it', async () => {
  const page = readFileSync('docs/metrics.md', 'utf8');
  expect(page).toBe(replaceBlock(page, 'metrics', await metricsTable()));
});

it('the page of metrics names only metrics that there are', async () => {
  const page = readFileSync('docs/metrics.md', 'utf8');
  const table = await metricsTable();
  const named = [...page.matchAll(/\bocelli_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, ''));
  expect(named.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
