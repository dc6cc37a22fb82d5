import { shownAddress } from '../config/camera-address.ts';
import { readCameraUrl } from '../config/camera-url.ts';
import { checkCamera, type FieldError } from '../config/check-camera.ts';
import { chooseCameraId } from '../config/choose-camera-id.ts';
import { ConfigurationFile, type ConfigurationVersion } from '../config/configuration-file.ts';
import { fillVariables } from '../config/environment.ts';
import type { FirstLook, ProbeAnswer } from '../config/probe-answer.ts';
import { cameraAt } from '../config/same-address.ts';
import { OcelliError } from '../errors.ts';
import type { Application } from './application.ts';
import { EXIT } from './exit-codes.ts';

export interface AddOptions {
  readonly config: string;
  readonly id?: string;
  readonly fps?: number;
  readonly transport: 'tcp' | 'udp';
  /** Try the camera first, and leave the file alone when it shows no picture. */
  readonly probe: boolean;
  /** Add it though another camera has its address. */
  readonly force: boolean;
  readonly json: boolean;
}

/** What was done. */
interface Added {
  readonly added: string;
  readonly file: string;
  readonly isNew: boolean;
  readonly url: string;
  readonly source?: Omit<FirstLook, 'jpeg' | 'ok'>;
}

/** Adds a camera to the configuration file, which is begun where there is none. A site that runs takes it up by itself. */
export async function addCommand({ operators, probe }: Application, url: string, options: AddOptions): Promise<number> {
  const file = new ConfigurationFile(options.config, { operators });
  const now = readIfThere(file);
  const camera = cameraOf(url, options, now);
  refuse(checkCamera(camera, { environment: process.env, file: options.config }));
  const address = readCameraUrl(fillVariables(url, process.env), options.config);
  if (now !== undefined) refuseTaken(camera.id, address.reveal(), now, options);
  const answer = options.probe ? await probe({ url: address, transport: options.transport }, new AbortController().signal) : undefined;
  if (answer?.ok === false) return tellFailure(answer, options);
  await file.edit({ kind: 'add', camera }, { missing: '' });
  const { ok: _ok, jpeg: _jpeg, ...source } = answer ?? { ok: true, jpeg: undefined };
  const done = { added: camera.id, file: file.path, isNew: now === undefined, url: shownAddress(url) };
  tell({ ...done, ...('image' in source ? { source } : {}) }, options);
  return EXIT.ok;
}

function cameraOf(url: string, { id, fps, transport }: AddOptions, now: ConfigurationVersion | undefined) {
  return {
    id: id ?? chooseCameraId(url, new Set(now?.addresses.keys())),
    url,
    ...(fps === undefined ? {} : { fps }),
    ...(transport === 'tcp' ? {} : { transport }),
  };
}

/** A name stands for one camera; an address for one, unless somebody insists. @throws OcelliError INPUT_INVALID */
function refuseTaken(id: string, address: string, { addresses, configuration }: ConfigurationVersion, { force }: AddOptions): void {
  if (addresses.has(id)) refuse([{ field: 'id', message: `There is a camera ${id} already. Choose another name.` }]);
  const other = force ? undefined : cameraAt(address, configuration);
  if (other !== undefined)
    refuse([{ field: 'url', message: `The camera ${other} has this address already. To watch it a second time, say --force.` }]);
}

/** `undefined` when there is no file yet. */
function readIfThere(file: ConfigurationFile): ConfigurationVersion | undefined {
  try {
    return file.read();
  } catch (error) {
    if (error instanceof OcelliError && error.code === 'CONFIG_NOT_FOUND' && error.context['reason'] === 'ENOENT') return undefined;
    throw error;
  }
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  const lines = errors.map(({ field, message }) => `  ${field}: ${message}`);
  throw new OcelliError('INPUT_INVALID', ['The camera was not added.', ...lines].join('\n'), { errors });
}

function tellFailure({ cause, errors }: Extract<ProbeAnswer, { ok: false }>, { json }: AddOptions): number {
  if (json) console.log(JSON.stringify({ added: null, cause, errors }));
  else {
    for (const { message } of errors) console.error(`ocelli: ${message}`);
    console.error('Nothing was written. To add it all the same, say --no-probe.');
  }
  return EXIT.failed;
}

function tell(done: Added, { json }: AddOptions): void {
  const { added, file, isNew, url, source } = done;
  if (json) {
    console.log(JSON.stringify({ added, file, new: isNew, url, ...source }));
    return;
  }
  const { codec, image, fps } = source ?? {};
  const facts = [codec, image && `${image.width}×${image.height}`, fps && `${fps} fps`].filter(Boolean).join(', ');
  console.log(`Added ${added} to ${file}: ${url}${facts === '' ? '' : ` (${facts})`}.`);
  if (url.includes('***@'))
    console.log('Its password stands in the file now. Better: put it into the environment and write ${NAME} in its place.');
  if (isNew) console.log(`Run it with: ocelli run${file === 'ocelli.yaml' ? '' : ` ${file}`}`);
}
