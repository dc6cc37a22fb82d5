import { z } from 'zod';
import { sizeText } from './size-text.ts';

/** `pictures:` of the configuration: how much of what cameras showed when alerts were opened is kept. */
export const picturesSettings = z
  .strictObject({
    keep: sizeText.default('1 GiB').describe('At most this much is kept on disk, oldest given up first; a picture takes some 40 KiB.'),
    days: z.int().min(1).max(3650).default(90).describe('A picture that is older is given up.'),
  })
  .prefault({})
  .describe('Pictures of alerts: what a camera showed when one was opened.');
