import { afterAll, beforeAll, describe } from 'vitest';
import { GIVEN_REDIS, ReopenableState, type SuiteRedis, suiteRedis } from '../../../brokers/redis-state.ts';
import { has } from '../../../requirements.ts';
import { leasesSuite } from '../../../suites/leases.suite.ts';
import { sessionsSuite } from '../../../suites/sessions.suite.ts';
import { stateStoreSuite } from '../../../suites/state-store.suite.ts';

describe.skipIf(GIVEN_REDIS === undefined && !has('redis'))('state in Redis', () => {
  let redis: SuiteRedis;
  beforeAll(async () => {
    redis = await suiteRedis();
  });
  afterAll(() => redis.stop());

  stateStoreSuite('Redis', async () => {
    const reopenable = await ReopenableState.open(redis.url);
    return {
      get store() {
        return reopenable.state.store;
      },
      reopen: () => reopenable.reopen(),
      close: () => reopenable.close(),
    };
  });

  sessionsSuite('Redis', async () => {
    const reopenable = await ReopenableState.open(redis.url);
    return {
      get sessions() {
        return reopenable.state.sessions;
      },
      reopen: () => reopenable.reopen(),
      close: () => reopenable.close(),
    };
  });

  leasesSuite('Redis', async () => {
    const reopenable = await ReopenableState.open(redis.url);
    return {
      here: reopenable.state.leases('here'),
      there: reopenable.state.leases('there'),
      pass: (ms) => reopenable.pass(ms),
      close: () => reopenable.close(),
    };
  });
});
