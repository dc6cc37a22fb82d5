import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ProbeAnswer } from '../../../engine/config/probe-answer.ts';
import { type ErrorCode, OcelliError } from '../../../engine/errors.ts';
import type { CamerasAnswer, ProbeReply, RefusalAnswer } from '../../cameras.ts';
import type { CameraFacts } from '../../protocol.ts';
import type { CameraEditor } from './camera-editor.ts';
import { CameraRefusal } from './camera-refusal.ts';

/** Far more than a camera needs. */
const BODY_LIMIT_BYTES = 16 * 1024;

const object = z.record(z.string(), z.unknown());
const probeBody = z.strictObject({ id: z.string(), url: z.string(), transport: z.enum(['tcp', 'udp']) }).partial();

interface Options {
  /** Every camera as it stands. */
  readonly facts: () => readonly CameraFacts[];
  /** Without one the cameras can be seen only. */
  readonly editor?: CameraEditor;
}

/**
 * `/api/cameras`: GET, POST; `/api/cameras/{id}`: PATCH, DELETE; `POST /api/cameras/probe`. See `docs/http.md`.
 *
 * Bodies are JSON and nothing else: a form of another page can send no such request, and a script of another page is asked for its origin.
 */
export function camerasRoutes(server: FastifyInstance, options: Options): void {
  server.register(async (scope) => {
    scope.removeContentTypeParser('text/plain');
    scope.setErrorHandler((error: FastifyError, _request, reply) => refuse(error, reply));
    listRoute(scope, options);
    if (options.editor !== undefined) editRoutes(scope, options.editor);
  });
}

function listRoute(scope: FastifyInstance, { facts, editor }: Options): void {
  scope.get('/api/cameras', async (_request, reply): Promise<CamerasAnswer> => {
    const listed = await editor?.list();
    reply.header('cache-control', 'no-store');
    if (listed?.version !== undefined) reply.header('etag', `"${listed.version}"`);
    const cameras = facts().map((camera) => {
      const settings = listed?.cameras.get(camera.id);
      return settings === undefined ? camera : { ...camera, settings };
    });
    return { cameras, configuration: listed?.editing ?? { editable: false, why: 'This server shows cameras, and does not change them.' } };
  });
}

function editRoutes(scope: FastifyInstance, editor: CameraEditor): void {
  const options = { bodyLimit: BODY_LIMIT_BYTES };
  scope.post('/api/cameras', options, async (request, reply) => {
    const given = bodyOf(request);
    const version = await editor.add(given, ifMatch(request));
    return reply.code(201).header('etag', `"${version}"`).send({ added: given['id'] });
  });
  scope.post('/api/cameras/probe', options, async (request, reply) => {
    const parsed = probeBody.safeParse(bodyOf(request));
    if (!parsed.success) throw new CameraRefusal(422, ...parsed.error.issues.map(probeError));
    const abort = new AbortController();
    reply.raw.on('close', () => abort.abort());
    return replyOf(await editor.try(withoutUndefined(parsed.data), abort.signal));
  });
  scope.patch<{ Params: { id: string } }>('/api/cameras/:id', options, async (request, reply) => {
    const { id } = request.params;
    const version = await editor.change(id, bodyOf(request), ifMatch(request));
    return reply.header('etag', `"${version}"`).send({ changed: id });
  });
  scope.delete<{ Params: { id: string } }>('/api/cameras/:id', options, async (request, reply) => {
    const { id } = request.params;
    const version = await editor.remove(id, ifMatch(request));
    return reply.header('etag', `"${version}"`).send({ removed: id });
  });
}

function bodyOf({ body }: FastifyRequest): Readonly<Record<string, unknown>> {
  const parsed = object.safeParse(body);
  if (parsed.success && Object.keys(parsed.data).length > 0) return parsed.data;
  throw new CameraRefusal(400, {
    field: '',
    message: 'Expected a JSON object with keys of a camera, such as {"id": "dock-1", "url": "rtsp://…"}.',
  });
}

/** The version that the caller knows; `*` and none at all stand for any. */
function ifMatch({ headers }: FastifyRequest): string | undefined {
  const given = headers['if-match'];
  return given === undefined || given.trim() === '*' ? undefined : given.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
}

function probeError(issue: z.core.$ZodIssue) {
  const field = issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue.path[0] ?? '');
  return { field, message: `Expected id, url and transport (tcp or udp), each a text and each optional. ${issue.message}.` };
}

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as never;
}

function replyOf(answer: ProbeAnswer): ProbeReply {
  if (!answer.ok) return answer;
  const { jpeg, first: _first, ...facts } = answer;
  return { ...facts, picture: `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}` };
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  CAMERA_UNKNOWN: 404,
  CONFIG_CHANGED: 409,
  CONFIG_INVALID: 409,
  CONFIG_NOT_FOUND: 409,
  CONFIG_READ_ONLY: 403,
  INPUT_INVALID: 422,
};

const SENTENCES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Expected JSON: send the header "content-type: application/json".',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'Expected JSON, got nothing.',
  FST_ERR_CTP_BODY_TOO_LARGE: `Expected at most ${BODY_LIMIT_BYTES} bytes.`,
};

function refuse(error: FastifyError | OcelliError | CameraRefusal, reply: FastifyReply): FastifyReply {
  if (error instanceof CameraRefusal) {
    if (error.status === 429) reply.header('retry-after', '5');
    return reply.code(error.status).send({ error: error.message, errors: error.errors } satisfies RefusalAnswer);
  }
  if (error instanceof OcelliError) return reply.code(STATUS[error.code] ?? 500).send(answerOf(error.message, error.code));
  const status = error.statusCode ?? 500;
  if (status >= 500) throw error;
  const sentence = SENTENCES[error.code] ?? `The request cannot be read: ${error.message}.`;
  return reply.code(status).send(answerOf(sentence));
}

function answerOf(error: string, code?: string): RefusalAnswer {
  return { error, ...(code === undefined ? {} : { code }), errors: [{ field: '', message: error }] };
}
