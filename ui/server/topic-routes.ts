import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../engine/clock.ts';
import { OcelliError } from '../../engine/errors.ts';
import type { LogReader } from '../../engine/log/log.ts';
import { readFrom } from '../../engine/log/stream-start.ts';
import { type StreamRequest, streamTopic } from '../../engine/log/topic-stream.ts';
import { describeIssues } from '../../engine/records/describe-issues.ts';
import { readTopic } from '../../engine/records/read-topic.ts';
import { CAMERA_ID } from '../../engine/records/record.ts';
import { TOPIC_NAMES } from '../../engine/records/topic.ts';
import { OpenStreams } from './open-streams.ts';

/** Read ahead of a slow reader. */
const BUFFER_BYTES = 64 * 1024;

const query = z.strictObject({
  camera: z.string().regex(CAMERA_ID, 'expected the id of a camera').optional(),
  from: z.string().default('beginning'),
  limit: z.coerce.number().int().min(1).max(1_000_000).optional(),
  follow: z.enum(['true', 'false', '1', '0']).default('false'),
});

/**
 * `GET /api/topics/{topic}?camera=&from=&limit=&follow=`: committed records as NDJSON, one a line. When the server closes, followers get
 * what is committed by then, and a proper end.
 */
export function topicRoutes(server: FastifyInstance, log: LogReader, clock: Clock): void {
  const streams = new OpenStreams(clock);
  server.addHook('preClose', () => streams.close());
  server.get('/api/topics', () => ({ topics: TOPIC_NAMES }));
  server.get<{ Params: { topic: string } }>('/api/topics/:topic', async (request, reply) => {
    const topic = readTopic(request.params.topic);
    const abort = new AbortController();
    reply.raw.on('close', () => abort.abort());
    const records = await streamTopic(log, topic, { ...readQuery(request.query, abort.signal), closing: streams.closing });
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    // A follower must see that it is connected before the first record comes.
    reply.raw.flushHeaders();
    const text = Readable.from(lines(records), { objectMode: false, highWaterMark: BUFFER_BYTES });
    await streams.add(pipeline(text, reply.raw).catch(goneAway));
  });
}

/** Whoever stops reading ends the stream; that is no error. */
function goneAway(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET') throw error;
}

function readQuery(raw: unknown, signal: AbortSignal): StreamRequest {
  const parsed = query.safeParse(raw);
  if (!parsed.success) throw new OcelliError('INPUT_INVALID', `The query cannot be read. ${describeIssues(parsed.error.issues)}.`);
  const { camera, from, limit, follow } = parsed.data;
  return { camera, from: readFrom(from), limit, follow: follow === 'true' || follow === '1', signal };
}

async function* lines(records: AsyncIterable<unknown>): AsyncGenerator<string> {
  try {
    for await (const record of records) yield `${JSON.stringify(record)}\n`;
  } catch (error) {
    yield `${JSON.stringify({ type: 'error', code: error instanceof OcelliError ? error.code : 'OPERATOR_FAILED', error: (error as Error).message })}\n`;
  }
}
