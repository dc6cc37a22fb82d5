import { z } from 'zod';

const EXPECTED = 'expected a size such as 4 GiB or 500 MiB';

/** A size on disk, as people write it. */
export const sizeText = z.string(EXPECTED).regex(/^\d+(\.\d+)? ?[KMGT]iB$/, EXPECTED);
