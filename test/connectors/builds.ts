import { createRequire } from 'node:module';
import { type Ffmpeg, findFfmpeg } from '../../connectors/ffmpeg/find-ffmpeg.ts';
import { has } from '../requirements.ts';

const bundled = (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { readonly path: string }).path;

/** The one that comes with the package: of December 2018. */
export const BUNDLED: Ffmpeg = await findFfmpeg({ ...process.env, FFMPEG_PATH: bundled });

/** What differs between versions of ffmpeg is tested with both; without one of the system only with the bundled. */
export const BUILDS: readonly (readonly [name: string, ffmpeg: Ffmpeg])[] = [
  ['the bundled ffmpeg', BUNDLED],
  ...(has('ffmpeg') ? [['the ffmpeg of the system', await findFfmpeg({ ...process.env, FFMPEG_PATH: 'ffmpeg' })] as const] : []),
];

/** The one that a user of this machine would get. */
export const FFMPEG: Ffmpeg = await findFfmpeg();
