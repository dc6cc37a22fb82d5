import type { FastifyInstance } from 'fastify';
import type { AccessRules } from '../access.ts';
import { signIn } from '../sign-in.ts';
import { cameraRoutes } from './camera-routes.ts';
import { LiveSocket } from './live-socket.ts';
import type { LiveView } from './live-view.ts';
import { pictureRoutes } from './picture-routes.ts';
import { SiteHealth } from './site-health.ts';

/** Everything that the live view asks the server for; ends with the server. */
export function liveRoutes(server: FastifyInstance, live: LiveView, access: AccessRules): void {
  const socket = new LiveSocket(server.server, live, access);
  const health = new SiteHealth(live);
  cameraRoutes(server, live);
  pictureRoutes(server, live.pictures);
  signIn(server, access, live.clock);
  server.get('/api/health', () => health.answer(socket.size));
  server.addHook('preClose', async () => {
    socket.close();
    health.close();
    await live.close();
  });
}
