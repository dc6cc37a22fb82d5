type SharpModule = typeof import('sharp').default;
let loaded: Promise<SharpModule> | undefined;

/** The door to sharp: loaded on first use, with every reader but JPEG and PNG blocked, since most holes were in the others. */
export function loadSharp(): Promise<SharpModule> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] });
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loaded;
}
