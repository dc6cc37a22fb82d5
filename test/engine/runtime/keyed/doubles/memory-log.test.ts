import { type LogHarness, logSuite } from '../../../../suites/log.suite.ts';
import { MemoryDisk, MemoryLog } from './memory-log.ts';

/** The double must keep what a log promises, or the tests of the keyed task would prove nothing. */
async function open(): Promise<LogHarness> {
  const disk = new MemoryDisk();
  let log = new MemoryLog(disk);
  return {
    get log() {
      return log;
    },
    async reopen() {
      await log.close();
      log = new MemoryLog(disk);
    },
    noRoom: 'LOG_FULL' as const,
    async fill() {
      disk.full = true;
    },
    async makeRoom() {
      disk.full = false;
    },
    async expireAll() {
      disk.expire('detections', disk.topic('detections').end);
    },
    async close() {},
  };
}

logSuite('the test double in memory', open);
