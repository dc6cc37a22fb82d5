import { createHealthServer } from '../ui/server/health-server.ts';
import type { RoleParts, RoleServer } from './role.ts';
import { accessOf, openServer } from './server-address.ts';

/** Health and metrics, for a process that shows nothing to people. */
export async function openMemberServer(parts: RoleParts): Promise<RoleServer> {
  const { metrics, readiness } = parts;
  const server = createHealthServer({
    access: accessOf(parts),
    metrics: async () => ({ text: await metrics.registry.metrics(), type: metrics.registry.contentType }),
    readiness,
  });
  return { url: await openServer(server, parts), close: () => server.close() };
}
