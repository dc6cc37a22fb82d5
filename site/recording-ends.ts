import { sentenceOf } from '../engine/errors.ts';
import type { BusItem } from '../engine/frames/frame.ts';
import type { Logger } from '../engine/observe/logger.ts';
import type { DetectObserver } from '../engine/runtime/detect/detect-stage.ts';
import type { Sessions } from '../engine/state/index.ts';

/** Remembers that a recording is over once its `end` is committed: it is not read again at the next start. */
export class RecordingEnds implements DetectObserver {
  private readonly sessions: Sessions;
  private readonly logger: Logger;

  constructor(sessions: Sessions, logger: Logger) {
    this.sessions = sessions;
    this.logger = logger;
  }

  committed(item: BusItem): void {
    if (item.type !== 'mark' || item.mark !== 'end') return;
    const { camera, session } = item;
    this.sessions.endRecording(camera, session).catch((error: unknown) => {
      this.logger.warn(
        { camera, session, error: sentenceOf(error) },
        'The end of a recording could not be noted; it is read once more at the next start',
      );
    });
  }
}
