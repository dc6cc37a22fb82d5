/** A process that opens the database named by its argument, says so, and holds it until it is killed. */
import { Database } from '../../../engine/sqlite/index.ts';

const [path = ''] = process.argv.slice(2);
const database = new Database(path);
console.log(`holding ${database.path}`);
setInterval(() => {}, 1_000);
