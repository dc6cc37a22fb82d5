import { sentenceOf } from '../../../engine/errors.ts';
import type { Logger } from '../../../engine/observe/logger.ts';
import type { AlertRecord } from '../../../engine/records/record.ts';
import type { KeptPicture } from '../../protocol.ts';
import type { LiveHub } from './live-hub.ts';
import type { PictureFolder } from './picture-folder.ts';

/** Wide enough for the large view of a camera. */
const WIDTH = 1280;

/** Keeps what a camera showed when an alert about it was opened: the picture of now, or the last one before it fell silent. */
export class AlertPictures {
  private readonly hub: LiveHub;
  private readonly folder: PictureFolder;
  private readonly logger: Logger;

  constructor(hub: LiveHub, folder: PictureFolder, logger: Logger) {
    this.hub = hub;
    this.folder = folder;
    this.logger = logger;
  }

  /** @returns what was kept; `undefined` when there was nothing to keep, or no room for it. */
  async take({ id, camera, state }: AlertRecord): Promise<KeptPicture | undefined> {
    if (state !== 'opened') return undefined;
    try {
      const last = await this.hub.last(camera, WIDTH);
      return last && (await this.folder.keep(id, last.of.time, last.jpeg));
    } catch (error) {
      this.logger.warn({ camera, alert: id, error: sentenceOf(error) }, 'The picture of an alert could not be kept');
      return undefined;
    }
  }
}
