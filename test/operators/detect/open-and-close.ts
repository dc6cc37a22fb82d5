/** Opens the model named on the command line on two workers, looks at one frame, closes, and does not call `process.exit`. */
import { detect, loadModel } from '../../../operators/detect/index.ts';
import { frameOf, outcomesOf } from './fixtures.ts';

const operator = await detect(await loadModel(process.argv[2] ?? ''), { workers: 2 }).open();
const [outcome] = await outcomesOf(operator, [frameOf(0, [[255, 0]])]);
console.log(outcome instanceof Error ? outcome.message : `${outcome?.objects.length} object`);
await operator.close();
console.log('closed');
