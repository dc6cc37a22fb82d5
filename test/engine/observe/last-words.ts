/** Says much, and ends the process at once, as an unforeseen error does. */
import { exitNow } from '../../../engine/cli/exit-now.ts';
import { createLogger } from '../../../engine/observe/logger.ts';

const logger = createLogger({ pretty: false });
for (let line = 0; line < 3000; line += 1) logger.info({ line }, 'Something happened that takes some words to tell');
void logger.written().then(() => exitNow(1));
