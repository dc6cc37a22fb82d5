import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Live cameras and a browser need the cores for themselves: two files at once miss their times.
    maxWorkers: 1,
    // Real processes on a shared machine: CI gives a missed time another try and says so.
    retry: process.env['CI'] ? 2 : 0,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
});
