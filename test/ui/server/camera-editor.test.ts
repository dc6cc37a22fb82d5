import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ConfigurationFile } from '../../../engine/config/configuration-file.ts';
import { CameraEditor, type CameraEditorOptions } from '../../../ui/server/cameras/camera-editor.ts';
import { camerasRoutes } from '../../../ui/server/cameras/cameras-routes.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const FILE = 'cameras:\n  - id: dock\n    url: rtsp://192.0.2.1/s\n';
const WHY = 'These cameras stand in no file.';

function serverOf(options: Partial<CameraEditorOptions>) {
  const path = join(temporaryFolder(), 'ocelli.yaml');
  writeFileSync(path, FILE);
  const server = fastify();
  const probe = () => Promise.reject(new Error('nothing is tried here'));
  camerasRoutes(server, {
    facts: () => [],
    editor: new CameraEditor({ file: new ConfigurationFile(path), apply: async () => {}, probe, ...options }),
  });
  return { server, written: () => readFileSync(path, 'utf8') };
}

describe('cameras that cannot be changed', () => {
  it.each([
    ['POST', '/api/cameras', { id: 'gate', url: 'rtsp://192.0.2.2/s' }],
    ['POST', '/api/cameras/probe', { url: 'rtsp://192.0.2.2/s' }],
    ['PATCH', '/api/cameras/dock', { fps: 1 }],
    ['DELETE', '/api/cameras/dock', undefined],
  ] as const)('are left as they are, with the reason: %s %s', async (method, url, payload) => {
    const { server, written } = serverOf({ fixed: WHY });
    const answer = await server.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    expect([answer.statusCode, answer.json()]).toEqual([
      403,
      { error: WHY, code: 'CONFIG_READ_ONLY', errors: [{ field: '', message: WHY }] },
    ]);
    expect(written()).toBe(FILE);
  });

  it('are listed with the reason', async () => {
    const { server } = serverOf({ fixed: WHY });
    expect((await server.inject('/api/cameras')).json().configuration).toEqual({ editable: false, why: WHY });
  });
});

describe('a change that is written but cannot be put in force', () => {
  it('is told as such', async () => {
    const { server, written } = serverOf({ apply: () => Promise.reject(new Error('The disk is full.')) });
    const answer = await server.inject({ method: 'PATCH', url: '/api/cameras/dock', payload: { fps: 1 } });
    expect([answer.statusCode, answer.json().error]).toEqual([
      500,
      expect.stringMatching(/^The file was changed, but .*: The disk is full\./),
    ]);
    expect(written()).toBe(`${FILE}    fps: 1\n`);
  });
});
