import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { Application, StartOptions } from '../../../engine/cli/application.ts';
import { runProgram } from '../../../engine/cli/program.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

afterEach(() => vi.restoreAllMocks());

/** What `ocelli run` asks to be started, and what it says of a wrong option. */
async function run(...options: readonly string[]): Promise<{ asked: StartOptions | undefined; said: string; code: number }> {
  let asked: StartOptions | undefined;
  const site = { url: '', finished: Promise.resolve(), drain: async () => {} };
  const start: Application['start'] = async (_configuration, given) => {
    asked = given;
    return site;
  };
  const file = join(temporaryFolder(), 'ocelli.yaml');
  writeFileSync(file, 'cameras: []\n');
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = await runProgram({ version: '1.2.3', operators: {}, start } as Partial<Application> as Application, [
    ...['run', file, '--log-level', 'error'],
    ...options,
  ]);
  return { asked, said: said.mock.calls.map(([text]) => String(text)).join(''), code };
}

it('gives a process the roles that it was asked for, each once and in the order of the flow', async () => {
  const { asked, code } = await run('--role', 'analyse, connect,analyse');
  expect(asked).toMatchObject({ roles: ['connect', 'analyse'], version: '1.2.3' });
  expect(code).toBe(0);
});

it('gives a process everything when no role was asked for', async () => {
  expect((await run()).asked).not.toHaveProperty('roles');
});

it('refuses a role that there is none of, and says which there are', async () => {
  const { asked, said, code } = await run('--role', 'connect,dance');
  expect(asked).toBeUndefined();
  expect(said).toContain('expected connect, detect, analyse, serve, or several of them with commas between; "dance" is none.');
  expect(code).toBe(2);
});

it('tells where to listen only what was asked for', async () => {
  expect((await run('--host', '0.0.0.0', '--port', '9001')).asked?.listen).toEqual({ host: '0.0.0.0', port: 9001 });
  expect((await run('--port', '0')).asked?.listen).toEqual({ port: 0 });
  expect((await run()).asked?.listen).toEqual({});
});
