import type { FastifyInstance } from 'fastify';
import type { PictureFolder } from './picture-folder.ts';

interface PictureParams {
  readonly camera: string;
  readonly session: string;
  readonly seq: string;
  readonly number: string;
}

/** `GET /api/pictures`: what is kept; `GET /api/pictures/{camera}/{session}/{seq}/{n}`: the picture that was kept for this record. */
export function pictureRoutes(server: FastifyInstance, pictures: PictureFolder): void {
  server.get('/api/pictures', () => ({ pictures: pictures.list() }));

  server.get<{ Params: PictureParams }>('/api/pictures/:camera/:session/:seq/:number', async ({ params }, reply) => {
    const { camera, session, seq, number } = params;
    const jpeg = await pictures.read(`${camera}/${session}/${seq}/${number}`);
    if (jpeg === undefined) return reply.code(404).send({ error: 'No picture is kept for this record; GET /api/pictures lists them.' });
    return reply.header('cache-control', 'private, max-age=86400, immutable').type('image/jpeg').send(jpeg);
  });
}
