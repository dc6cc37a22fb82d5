import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationFile } from '../../../engine/config/configuration-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const TEXT = '# ours\ncameras:\n  - id: a\n    url: rtsp://viewer:s3cret@192.0.2.1/s\n';
const add = (id: string) => ({ kind: 'add', camera: { id, url: 'rtsp://192.0.2.2/s' } }) as const;

describe('edits of the file', () => {
  let folder: string;
  let path: string;
  let file: ConfigurationFile;

  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder, 'ocelli.yaml');
    writeFileSync(path, TEXT);
    file = new ConfigurationFile(path);
  });

  const text = () => readFileSync(path, 'utf8');

  it('follow each other when they are asked for at once', async () => {
    await Promise.all(['b', 'c', 'd'].map((id) => file.edit(add(id))));
    expect(file.read().configuration.cameras.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(text()).toContain('# ours');
  });

  it('give another version, the same for the same text', async () => {
    const { version } = file.read();
    await file.edit(add('b'));
    expect(file.read().version).not.toBe(version);
    writeFileSync(path, TEXT);
    expect(file.read().version).toBe(version);
  });

  it('are refused when they were thought of with another text', async () => {
    const { version } = file.read();
    writeFileSync(path, `${TEXT}# by hand\n`);
    await expect(file.edit(add('b'), { version })).rejects.toMatchObject({ code: 'CONFIG_CHANGED' });
    expect(text()).toBe(`${TEXT}# by hand\n`);
  });

  it('leave the file as it is when the result could not be read', async () => {
    await expect(file.edit(add('a'))).rejects.toThrow(/is "a", as is cameras\[0\]\.id/);
    await expect(file.edit({ kind: 'change', id: 'a', changes: { url: 'rtsp://u:${NOT_SET_1}@h/s' } })).rejects.toThrow(/NOT_SET_1/);
    expect(text()).toBe(TEXT);
  });

  it('leave a file alone that has a mistake already', async () => {
    writeFileSync(path, 'cameras:\n  - id: a\n');
    await expect(file.edit(add('b'))).rejects.toThrow(/ocelli\.yaml:2:5: cameras\[0\]\.url is missing/);
  });

  it('keep the mode and leave nothing else in the folder', async () => {
    chmodSync(path, 0o640);
    await file.edit(add('b'));
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['ocelli.yaml']);
  });

  it('go to where a link points', async () => {
    mkdirSync(join(folder, 'etc'));
    const link = join(folder, 'etc/link.yaml');
    symlinkSync('../ocelli.yaml', link);
    await new ConfigurationFile(link).edit(add('b'));
    expect(readFileSync(link, 'utf8')).toBe(text());
    expect(text()).toContain('id: b');
  });

  it('begin a file that only its owner can read', async () => {
    const fresh = new ConfigurationFile(join(folder, 'new.yaml'));
    await expect(fresh.edit(add('a'))).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
    await fresh.edit(add('a'), { missing: '' });
    expect(fresh.read().configuration.cameras).toHaveLength(1);
    expect(statSync(fresh.path).mode & 0o777).toBe(0o600);
  });
});
