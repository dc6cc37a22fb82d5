import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { unknownCamera } from '../../../engine/config/unknown-camera.ts';
import { OcelliError } from '../../../engine/errors.ts';
import type { CameraHistoryAnswer } from '../../history.ts';
import type { LiveView } from './live-view.ts';

const pictureQuery = z.strictObject({ width: z.coerce.number().int().min(16).max(7680).default(7680) });

/** `GET /api/cameras/{id}/latest.jpg?width=`, `/api/cameras/{id}/history`. */
export function cameraRoutes(server: FastifyInstance, live: LiveView): void {
  server.get<{ Params: { id: string } }>('/api/cameras/:id/history', ({ params }): CameraHistoryAnswer => {
    const { history } = accountOf(live, params.id);
    return { camera: params.id, seconds: history.list(), marks: history.marks() };
  });

  server.get<{ Params: { id: string } }>('/api/cameras/:id/latest.jpg', async ({ params, query }, reply) => {
    accountOf(live, params.id);
    const newest = await live.hub.newest(params.id, readWidth(query));
    if (newest === undefined) return reply.code(404).send({ error: `There is no picture of ${params.id} from the last second.` });
    const { place, time } = newest.of;
    return reply
      .headers({ 'cache-control': 'no-store', 'x-ocelli-place': `${place.session}/${place.seq}`, 'x-ocelli-time': String(time) })
      .type('image/jpeg')
      .send(Buffer.from(newest.jpeg.buffer));
  });
}

function accountOf(live: LiveView, camera: string) {
  const account = live.account(camera);
  if (account !== undefined) return account;
  const there = live.site.cameras().map(({ id }) => id);
  throw new OcelliError('CAMERA_UNKNOWN', unknownCamera(camera, there));
}

function readWidth(query: unknown): number {
  const parsed = pictureQuery.safeParse(query);
  if (parsed.success) return parsed.data.width;
  throw new OcelliError('INPUT_INVALID', 'The query cannot be read. Expected width, a whole number of pixels from 16 to 7680.');
}
