import type { CamerasAnswer, FieldError, ProbeReply, RefusalAnswer } from '../../../cameras.ts';

/** What came of a request: the server's answer, or what is wrong, at the fields. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused;

export interface Refused {
  readonly ok: false;
  readonly status: number;
  readonly errors: readonly FieldError[];
}

/** The cameras, and the version of the file that they stand in. */
export interface ReadCameras {
  readonly answer: CamerasAnswer;
  readonly version: string;
}

const GONE: Refused = {
  ok: false,
  status: 0,
  errors: [{ field: '', message: 'The server does not answer. Nothing was changed; try again in a moment.' }],
};

export async function readCameras(): Promise<ReadCameras | undefined> {
  const response = await fetch('/api/cameras').catch(() => undefined);
  if (!response?.ok) return undefined;
  return { answer: (await response.json()) as CamerasAnswer, version: response.headers.get('etag') ?? '' };
}

export function addCamera(camera: object, version: string): Promise<Outcome<unknown>> {
  return send('POST', '/api/cameras', camera, version);
}

export function changeCamera(id: string, changes: object, version: string): Promise<Outcome<unknown>> {
  return send('PATCH', `/api/cameras/${encodeURIComponent(id)}`, changes, version);
}

export function removeCamera(id: string, version: string): Promise<Outcome<unknown>> {
  return send('DELETE', `/api/cameras/${encodeURIComponent(id)}`, undefined, version);
}

export function tryCamera(request: object): Promise<Outcome<ProbeReply>> {
  return send<ProbeReply>('POST', '/api/cameras/probe', request, undefined);
}

async function send<T>(method: string, path: string, body: object | undefined, version: string | undefined): Promise<Outcome<T>> {
  const headers = { ...(body && { 'content-type': 'application/json' }), ...(version && { 'if-match': version }) };
  const response = await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) }).catch(() => undefined);
  const said: unknown = await response?.json().catch(() => undefined);
  if (response === undefined || said === undefined) return GONE;
  if (response.ok) return { ok: true, value: said as T };
  const { error, errors = [{ field: '', message: error }] } = said as Partial<RefusalAnswer> & { error: string };
  return { ok: false, status: response.status, errors };
}
