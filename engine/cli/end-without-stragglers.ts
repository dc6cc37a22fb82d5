import { EXIT } from './exit-codes.ts';
import { exitNow } from './exit-now.ts';

/** So long a process may take to end once its command is done. */
const STRAGGLERS_WITHIN_MS = 2_000;

/**
 * For when a command is done, and all that it says is written. What is still open then is a fault of ours: it is named, and keeps no process
 * from ending. The timer alone holds nothing.
 */
export function endWithoutStragglers(): void {
  const end = () => {
    console.error(
      `ocelli: Everything is done, but this is still open: ${process.getActiveResourcesInfo().join(', ')}. It ends all the same.`,
    );
    exitNow(Number(process.exitCode ?? EXIT.ok));
  };
  setTimeout(end, STRAGGLERS_WITHIN_MS).unref();
}
