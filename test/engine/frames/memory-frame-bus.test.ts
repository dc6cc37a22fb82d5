import { MemoryFrameBus } from '../../../engine/frames/memory-frame-bus.ts';
import { frameBusSuite } from '../../suites/frame-bus.suite.ts';

frameBusSuite('in memory', (options) => new MemoryFrameBus(options));
