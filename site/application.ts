import { findFfmpeg } from '../connectors/index.ts';
import type { Application } from '../engine/cli/application.ts';
import { SystemClock } from '../engine/clock.ts';
import { replay } from '../engine/runtime/keyed/replay.ts';
import { loadModel } from '../operators/detect/index.ts';
import { keyedOperators } from './analysis.ts';
import { backUp } from './back-up.ts';
import { beginAgain } from './begin-again.ts';
import { startDemo } from './demo.ts';
import { modelPath } from './model-path.ts';
import { obstacles } from './obstacles.ts';
import { openForReading } from './open-log.ts';
import { OPERATORS } from './operator-settings.ts';
import { cameraProbe } from './probe.ts';
import { settingsOf } from './shaping-settings.ts';
import { startMember } from './start-member.ts';
import { startSite } from './start-site.ts';

/** What the commands stand in front of. */
export function application(version: string): Application {
  return {
    version,
    operators: OPERATORS,
    obstacles,
    start: (configuration, options) => (options.roles === undefined ? startSite : startMember)(configuration, options),
    startDemo,
    probe: async (request, signal) => cameraProbe(await findFfmpeg(), new SystemClock())(request, signal),
    openLog: ({ log }, file) => openForReading(log, file),
    replay: (lines, configuration) => replay(lines, 'detections', keyedOperators(), configuration && settingsOf(configuration)),
    beginAgain,
    backUp,
    modelInput: async ({ model }, file) => (await loadModel(modelPath(model, file))).input,
    describe: () => [
      { name: 'detect', kind: 'batch', consumes: 'frames', emits: ['detections'] },
      ...keyedOperators().map(({ name, consumes, emits }) => ({ name, kind: 'keyed' as const, consumes, emits })),
    ],
  };
}
