import type { FastifyInstance } from 'fastify';

/** Whether work is being done, and if not, what is missing. */
export interface Readiness {
  readonly ready: boolean;
  /** What is being waited for, as sentences. Empty when ready. */
  readonly waiting: readonly string[];
}

interface Options {
  readonly readiness: () => Readiness;
  readonly metrics: () => Promise<{ readonly text: string; readonly type: string }>;
}

/** `/health/live`: the process answers. `/health/ready`: it can do its work. `/metrics`: for Prometheus. */
export function healthRoutes(server: FastifyInstance, { readiness, metrics }: Options): void {
  server.get('/health/live', () => ({ live: true }));
  server.get('/health/ready', (_request, reply) => {
    const state = readiness();
    return reply.code(state.ready ? 200 : 503).send(state);
  });
  server.get('/metrics', async (_request, reply) => {
    const { text, type } = await metrics();
    return reply.type(type).send(text);
  });
}
