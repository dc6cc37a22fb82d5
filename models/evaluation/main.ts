/**
 * Measures the starter model, also with its frames carried as they are over Kafka, and shows its card.
 *
 *     node models/evaluation/main.ts evaluate|transports|card|verify [--model <folder>] [--dataset <folder>] [--json]
 *
 * Exit codes: 0 all is well, 1 the figures differ from the card's or a check failed, 2 the command line is wrong.
 */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { OcelliError } from '../../engine/errors.ts';
import { cardText, readFullCard } from './card.ts';
import { compareWithCard } from './comparison.ts';
import { checkFiles, checkSplits, type DatasetManifest, readManifest } from './dataset-manifest.ts';
import { evaluate } from './evaluate.ts';
import { evaluateTransports, transportsText } from './transports.ts';

interface Arguments {
  readonly model: string;
  readonly dataset: string;
  readonly json: boolean;
}

const COMMANDS: Readonly<Record<string, (given: Arguments) => Promise<boolean>>> = {
  evaluate: runEvaluate,
  transports: runTransports,
  card: runCard,
  verify: runVerify,
};
const USAGE = `usage: node models/evaluation/main.ts ${Object.keys(COMMANDS).join('|')} [--model <folder>] [--dataset <folder>] [--json]`;

async function runEvaluate({ model, dataset, json }: Arguments): Promise<boolean> {
  const { name } = (await checked(dataset)).manifest;
  const card = await readFullCard(model);
  const { text, ...comparison } = compareWithCard(await evaluate(model, join(dataset, 'holdout')), card);
  const facts = { model: card.name, version: card.version, sha256: card.sha256, dataset: name, ...comparison };
  console.log(json ? JSON.stringify(facts) : text);
  return comparison.equal;
}

async function runTransports({ model, dataset, json }: Arguments): Promise<boolean> {
  await checked(dataset);
  const transports = await evaluateTransports(model, dataset);
  console.log(json ? JSON.stringify(transports) : transportsText(transports));
  return true;
}

async function runCard({ model, json }: Arguments): Promise<boolean> {
  const card = await readFullCard(model);
  console.log(json ? JSON.stringify(card) : cardText(card));
  return true;
}

async function runVerify({ dataset, json }: Arguments): Promise<boolean> {
  const { manifest, pictures } = await checked(dataset);
  const facts = { dataset: manifest.name, sha256: manifest.sha256, frames: manifest.frames.length, checked: pictures };
  const sentence = `${manifest.name}: ${pictures} holdout frames are as the manifest says; no frame or scene is in two splits.`;
  console.log(json ? JSON.stringify(facts) : sentence);
  return true;
}

async function checked(dataset: string): Promise<{ manifest: DatasetManifest; pictures: number }> {
  const manifest = await readManifest(dataset);
  checkSplits(manifest);
  return { manifest, pictures: await checkFiles(dataset, manifest, 'holdout') };
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string', default: here('../parcels') },
      dataset: { type: 'string', default: here('../datasets/parcels-2026-11') },
      json: { type: 'boolean', default: false },
    },
  });
  const command = COMMANDS[positionals[0] ?? ''];
  if (command === undefined || positionals.length > 1) throw new TypeError(`expected one command, got "${positionals.join(' ')}"`);
  return (await command(values)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof OcelliError) console.error(error.message);
  else if (error instanceof TypeError) console.error(`${error.message}\n${USAGE}`);
  else throw error;
  process.exitCode = error instanceof OcelliError ? 1 : 2;
}
