import type { FastifyInstance } from 'fastify';
import type { ClusterAnswer } from '../cluster.ts';

/** `GET /api/cluster`: who works on this site, and on what. */
export function clusterRoutes(server: FastifyInstance, cluster: () => Promise<ClusterAnswer>): void {
  server.get('/api/cluster', () => cluster());
}
