/** A process that opens the database named by its argument, says so, and holds it until it is killed; or says why it cannot. */
import { sentenceOf } from '../../../engine/errors.ts';
import { Database } from '../../../engine/sqlite/index.ts';

const [path = ''] = process.argv.slice(2);
try {
  const database = new Database(path);
  console.log(`holding ${database.path}`);
  setInterval(() => {}, 1_000);
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}
