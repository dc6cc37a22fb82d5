import { z } from 'zod';

/** A size on disk, as people write it. */
export const sizeText = z.string().regex(/^\d+(\.\d+)? ?[KMGT]iB$/, 'expected a size such as 4 GiB or 500 MiB');
