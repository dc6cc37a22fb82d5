import { threadPort } from '../live/port.ts';
import { LiveWork } from './live-work.ts';

new LiveWork(threadPort(self)).start();
