import { z } from 'zod';

const QUALITY = 90;

/** `frames:` of the configuration: how pixels travel from connect to detect processes. Of no meaning where all is one process. */
export const framesSettings = z
  .strictObject({
    encoding: z
      .enum(['jpeg', 'raw'])
      .default('jpeg')
      .describe('jpeg: small, nearly as accurate. raw: nothing is lost, and ten times the bytes.'),
    quality: z.int().min(1).max(100).optional().describe('Of jpeg; default 90. Lower is smaller and finds less.'),
  })
  .transform(({ encoding, quality }, context) => {
    if (encoding === 'jpeg') return { encoding, quality: quality ?? QUALITY };
    if (quality !== undefined) context.addIssue({ code: 'custom', path: ['quality'], message: 'is of use with encoding: jpeg only' });
    return { encoding };
  })
  .prefault({})
  .describe('How frames travel over Kafka, from processes that connect to processes that detect.');
