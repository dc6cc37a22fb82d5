import { shownAddress } from '../../../engine/config/camera-address.ts';
import { readCameraUrl } from '../../../engine/config/camera-url.ts';
import { checkCamera } from '../../../engine/config/check-camera.ts';
import { type CameraEntry, cameraSchema } from '../../../engine/config/configuration.ts';
import { type ConfigurationFile, type ConfigurationVersion, changedMeanwhile } from '../../../engine/config/configuration-file.ts';
import type { CameraChanges, CameraEdit, CameraFields } from '../../../engine/config/edit-configuration.ts';
import { fillVariables } from '../../../engine/config/environment.ts';
import type { Probe, ProbeAnswer } from '../../../engine/config/probe-answer.ts';
import { OcelliError, sentenceOf } from '../../../engine/errors.ts';
import type { CameraKeys, Editing } from '../../cameras.ts';
import { addressFromNetwork } from './address-rules.ts';
import { CameraRefusal } from './camera-refusal.ts';

/** Each holds a connection and a decoder for up to ten seconds. */
const MOST_PROBES = 2;
/** Keys without which there is no camera. */
const NEEDED = ['id', 'url'];

export interface CameraEditorOptions {
  readonly file: ConfigurationFile;
  /** Why nothing can be changed here, whatever the file is like. */
  readonly fixed?: string;
  /** Brings the site to what stands in the file; rejects with the reason when it cannot. */
  readonly apply: () => Promise<void>;
  readonly probe: Probe;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The cameras of the file at one moment. */
export interface ListedCameras {
  readonly editing: Editing;
  readonly cameras: ReadonlyMap<string, CameraKeys>;
  /** Absent when the file cannot be read. */
  readonly version?: string;
}

type Given = Readonly<Record<string, unknown>>;

/** Changes the cameras of the configuration file for people and programs that are not on this machine, by stricter rules than the file's. */
export class CameraEditor {
  private readonly options: CameraEditorOptions;
  private readonly environment: NodeJS.ProcessEnv;
  private probes = 0;

  constructor(options: CameraEditorOptions) {
    this.options = options;
    this.environment = options.environment ?? process.env;
  }

  async list(): Promise<ListedCameras> {
    const { fixed } = this.options; // Cameras that stand in no file: one that lies there all the same is of another site.
    if (fixed !== undefined) return { editing: { editable: false, why: fixed }, cameras: new Map() };
    const why = await this.options.file.readOnly();
    try {
      const { configuration, addresses, version } = this.options.file.read();
      const cameras = new Map(configuration.cameras.map((camera) => [camera.id, keysOf(camera, addresses.get(camera.id) ?? '')]));
      return { editing: why === undefined ? { editable: true } : { editable: false, why }, cameras, version };
    } catch (error) {
      return { editing: { editable: false, why: why ?? mendFirst(error) }, cameras: new Map() };
    }
  }

  /** @param version of the file, as the caller knows it. @returns the new one */
  async add(given: Given, version: string | undefined): Promise<string> {
    const now = await this.begin(version);
    const camera = withAddress(given, undefined, now);
    this.check(camera, false);
    const { id, url, ...rest } = camera as CameraFields & { id: string; url: string };
    if (now.addresses.has(id))
      throw new CameraRefusal(409, { field: 'id', message: `There is a camera ${id} already. Choose another name, or change that one.` });
    return this.write({ kind: 'add', camera: { id, url, ...rest } }, now);
  }

  /** Keys that are `null` go back to their defaults. */
  async change(id: string, given: Given, version: string | undefined): Promise<string> {
    const now = await this.begin(version);
    const stored = addressOf(now, id);
    const { id: sameId = id, ...rest } = given;
    if (sameId !== id) throw refused('id', 'The name of a camera cannot be changed: it is the key of all its records. Add a new camera.');
    const needed = NEEDED.find((key) => rest[key] === null);
    if (needed !== undefined) throw refused(needed, 'A value is needed.');
    const changes = withAddress(rest, stored, now);
    this.check(withoutDefaulted(changes), true);
    return this.write({ kind: 'change', id, changes: changes as CameraChanges }, now);
  }

  async remove(id: string, version: string | undefined): Promise<string> {
    const now = await this.begin(version);
    addressOf(now, id);
    return this.write({ kind: 'remove', id }, now);
  }

  /** Tries a camera before it is saved. `id` names one of the file whose address, or user and password, are meant. */
  async try({ id, url, transport }: { id?: string; url?: string; transport?: 'tcp' | 'udp' }, signal: AbortSignal): Promise<ProbeAnswer> {
    const now = await this.begin(undefined);
    const stored = id === undefined ? undefined : addressOf(now, id);
    const given = url ?? stored;
    if (given === undefined) throw refused('url', 'A value is needed.');
    const address = addressFromNetwork(url === undefined ? shownAddress(given) : url, stored, now.addresses.values());
    this.check({ url: address }, true);
    if (this.probes >= MOST_PROBES)
      throw new CameraRefusal(429, { field: '', message: 'Two cameras are being tried already. Try again in a few seconds.' });
    this.probes += 1;
    try {
      const usual = now.configuration.cameras.find((camera) => camera.id === id)?.transport ?? 'tcp';
      return await this.options.probe(
        { url: readCameraUrl(fillVariables(address, this.environment)), transport: transport ?? usual },
        signal,
      );
    } finally {
      this.probes -= 1;
    }
  }

  /** The file as it is now, if it may be changed and is what the caller knows. */
  private async begin(version: string | undefined): Promise<ConfigurationVersion> {
    const why = await this.whyFixed();
    if (why !== undefined) throw new OcelliError('CONFIG_READ_ONLY', why);
    const now = this.options.file.read();
    if (version === undefined || version === now.version) return now;
    throw new CameraRefusal(412, { field: '', message: changedMeanwhile('The configuration file') });
  }

  private check(fields: Given, partial: boolean): void {
    const errors = checkCamera(fields, { environment: this.environment, partial });
    if (errors.length > 0) throw new CameraRefusal(422, ...errors);
  }

  private async write(edit: CameraEdit, { version }: ConfigurationVersion): Promise<string> {
    const next = await this.options.file.edit(edit, { version });
    await this.options.apply().catch((error: unknown) => {
      const message = `The file was changed, but the change is not in force: ${sentenceOf(error)} It is tried again when the file is changed again.`;
      throw new CameraRefusal(500, { field: '', message });
    });
    return next.version;
  }

  private async whyFixed(): Promise<string | undefined> {
    return this.options.fixed ?? (await this.options.file.readOnly());
  }
}

/** The keys with the address to be written; without it where it is what is stored already. */
function withAddress({ url, ...rest }: Given, stored: string | undefined, { addresses }: ConfigurationVersion): Given {
  if (typeof url !== 'string') return url === undefined ? rest : { ...rest, url };
  const address = addressFromNetwork(url, stored, addresses.values());
  return address === stored ? rest : { ...rest, url: address };
}

/** Without the keys that are to go back to their defaults: those need no check, but they must be keys. */
function withoutDefaulted(changes: Given): Given {
  const known = cameraSchema().shape;
  return Object.fromEntries(Object.entries(changes).filter(([key, value]) => value !== null || !(key in known)));
}

function addressOf({ addresses }: ConfigurationVersion, id: string): string {
  const address = addresses.get(id);
  if (address !== undefined) return address;
  throw new OcelliError('CAMERA_UNKNOWN', 'There is no camera of this name in the configuration file; GET /api/cameras lists them.');
}

function keysOf({ id, enabled, fps, freshness, transport, pace, start, view }: CameraEntry, address: string): CameraKeys {
  return { id, url: shownAddress(address), enabled, fps, freshness, transport, pace, ...(start === undefined ? {} : { start }), view };
}

function mendFirst(error: unknown): string {
  return `The configuration file has mistakes, which must be mended in the file first: ${sentenceOf(error)}`;
}

function refused(field: string, message: string): CameraRefusal {
  return new CameraRefusal(422, { field, message });
}
