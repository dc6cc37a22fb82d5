import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/brokers/kafka/broker-for-the-run.ts'],
    pool: 'forks',
    // Most of them wait for processes: two files at once use two cores, more would only make each other late.
    maxWorkers: 2,
    // Real processes on a shared machine: CI gives a missed time another try and says so.
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
});
