import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';
import { OcelliError } from '../errors.ts';
import type { Configuration } from './configuration.ts';
import { type CameraEdit, editConfiguration } from './edit-configuration.ts';
import { parseConfiguration, type ReadOptions, readText } from './read-configuration.ts';
import { replaceFile } from './replace-file.ts';

/** A configuration file at one moment. */
export interface ConfigurationVersion {
  readonly configuration: Configuration;
  /** The addresses of its cameras as they are written, with references and passwords. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Hash of the text: another text has another one. */
  readonly version: string;
}

/** The configuration file as something that is edited, one camera at a time, by several people and programs. */
export class ConfigurationFile {
  readonly path: string;
  private readonly options: ReadOptions;
  private last: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: ReadOptions = {}) {
    this.path = path;
    this.options = options;
  }

  /** @throws OcelliError CONFIG_NOT_FOUND, CONFIG_INVALID */
  read(): ConfigurationVersion {
    return this.parse(readText(this.path));
  }

  /**
   * Makes one edit, after those that were asked for before. Nothing is written that cannot be read again.
   * @param version what the edit was thought of with; when the file is another by now, it is refused.
   * @param missing the text to begin with when there is no file yet; without it that is an error.
   * @throws OcelliError CONFIG_CHANGED, CONFIG_READ_ONLY, CONFIG_INVALID, CONFIG_NOT_FOUND, INPUT_INVALID; nothing is changed then
   */
  edit(edit: CameraEdit, { version, missing }: { version?: string; missing?: string } = {}): Promise<ConfigurationVersion> {
    const done = this.last.then(() => this.editNow(edit, version, missing));
    this.last = done.catch(() => {});
    return done;
  }

  /** Why the file cannot be replaced, as a sentence; `undefined` when it can. */
  async readOnly(): Promise<string | undefined> {
    try {
      await access(this.path, constants.W_OK);
      await access(dirname(this.path), constants.W_OK);
      return undefined;
    } catch (error) {
      return readOnlySentence(this.path, error);
    }
  }

  private async editNow(edit: CameraEdit, version: string | undefined, missing: string | undefined): Promise<ConfigurationVersion> {
    const text = this.text(missing);
    const now = this.parse(text);
    if (version !== undefined && version !== now.version) throw this.changed();
    const next = this.parse(editConfiguration(text, edit));
    const isStill = async () => this.text(missing) === text;
    const replaced = await replaceFile(this.path, next.text, isStill).catch((cause: unknown) => {
      if (cause instanceof OcelliError) throw cause;
      throw new OcelliError('CONFIG_READ_ONLY', readOnlySentence(this.path, cause), { file: this.path, cause });
    });
    if (!replaced) throw this.changed();
    return next;
  }

  private text(missing: string | undefined): string {
    try {
      return readText(this.path);
    } catch (error) {
      if (missing !== undefined && error instanceof OcelliError && isMissing(error)) return missing;
      throw error;
    }
  }

  private parse(text: string): ConfigurationVersion & { readonly text: string } {
    const configuration = parseConfiguration(text, this.path, this.options);
    const written = (parseDocument(text).toJS() as { cameras?: readonly { id: string; url: string }[] } | null)?.cameras ?? [];
    return { text, configuration, addresses: new Map(written.map(({ id, url }) => [id, url])), version: versionOf(text) };
  }

  private changed(): OcelliError {
    return new OcelliError('CONFIG_CHANGED', changedMeanwhile(this.path), { file: this.path });
  }
}

/** What to say of a file that is not any more what an edit was thought of with. */
export function changedMeanwhile(file: string): string {
  return `${file} was changed by somebody else in the meantime. Nothing was written; look at it as it is now, and try again.`;
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function isMissing({ context }: OcelliError): boolean {
  return (context['reason'] as string | undefined) === 'ENOENT';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'Ocelli may not write it, or not its folder',
  EPERM: 'it belongs to another user, who would lose it to the one that Ocelli runs as',
  EROFS: 'it lies on a file system that is mounted read-only',
  EBUSY: 'it is mounted by itself; mount its folder instead',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'it is not there',
};

function readOnlySentence(file: string, error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return `The configuration file ${file} cannot be changed: ${REASONS[code] ?? message}. Change that, or edit the file where you can.`;
}
