import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Keeps what V8 compiled, and TypeScript without its types, for the next start: of everything that is imported from here on, in threads
 * too. Without it that is half of the time until the first detection (`bench/README.md`). It lies inside the program's own folder, since
 * whoever can write there can change the program as well; where we cannot, nothing is kept.
 */
export function keepCompiled(root: string): void {
  const folder = process.env['NODE_COMPILE_CACHE'] ?? join(root, '.cache/compile');
  enableCompileCache(folder);
  process.env['NODE_COMPILE_CACHE'] = folder; // Threads go by this.
}
