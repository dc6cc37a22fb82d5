/**
 * Runs the tests of faults with one seed after another, until so many faults have happened: `npm run test:faults -- --faults 300 --seed 1`.
 * Prints one JSON line a round, and one for all of them; a seed that fails is run again with `--seed <it> --faults 1`.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { BROKER_FAULTS } from './broker-faults.ts';
import { ANALYSE_STEPS, CONNECT_STEPS, DETECT_STEPS, STANDSTILLS } from './fault-order.ts';

/** Faults that one run of the tests makes happen. */
const A_ROUND = [ANALYSE_STEPS, CONNECT_STEPS, DETECT_STEPS, ...Object.values(STANDSTILLS), Object.keys(BROKER_FAULTS)].flat().length;

const { values } = parseArgs({ options: { faults: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
const first = Number(values.seed);
const rounds = Math.ceil(Number(values.faults) / A_ROUND);
const failed = Array.from({ length: rounds }, (_, round) => first + round).filter((seed) => !passes(seed));
console.log(JSON.stringify({ name: 'faults', seeds: [first, first + rounds - 1], faults: rounds * A_ROUND, failed }));
process.exitCode = failed.length === 0 ? 0 : 1;

function passes(seed: number): boolean {
  const beganMs = performance.now();
  const environment = { ...process.env, OCELLI_FAULT_SEED: String(seed) };
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/distributed'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment,
  });
  const seconds = Math.round((performance.now() - beganMs) / 1000);
  console.log(JSON.stringify({ name: 'faults', seed, faults: A_ROUND, passed: status === 0, seconds }));
  return status === 0;
}
