import type { FastifyInstance } from 'fastify';
import type { AccessRules } from './access.ts';
import { guardedServer } from './guarded-server.ts';
import { healthRoutes, type Readiness } from './health-routes.ts';

export interface HealthServerOptions {
  readonly access: AccessRules;
  readonly metrics: () => Promise<{ readonly text: string; readonly type: string }>;
  readonly readiness: () => Readiness;
}

/** For a process that shows nothing to people: health and metrics. */
export function createHealthServer(options: HealthServerOptions): FastifyInstance {
  const server = guardedServer(options.access);
  healthRoutes(server, options);
  return server;
}
