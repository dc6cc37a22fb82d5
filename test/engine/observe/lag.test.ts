import { expect, it } from 'vitest';
import { Metrics } from '../../../engine/observe/metrics.ts';

it('tells what waits in the partitions that the process has now, and no more of those that it gave away', async () => {
  const metrics = new Metrics();
  const told = async () =>
    (await metrics.registry.getSingleMetricAsString('ocelli_lag_records')).split('\n').filter((line) => !line.startsWith('#'));
  metrics.lags(
    'analyse',
    new Map([
      [0, 3],
      [2, 0],
    ]),
  );
  metrics.lags('detect', new Map([[0, 7]]));
  metrics.lags('analyse', new Map([[2, 5]]));
  expect((await told()).sort()).toEqual([
    'ocelli_lag_records{stage="analyse",partition="2"} 5',
    'ocelli_lag_records{stage="detect",partition="0"} 7',
  ]);
});
