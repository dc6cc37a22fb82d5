import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { packageRoot } from '../../engine/package-root.ts';

/** Where `npm run build` puts the application. */
export const WEB_FOLDER = join(packageRoot(), 'ui/web/dist');

const YEAR_S = 365 * 24 * 3600;

/** Nothing from elsewhere, no script or style inside the page, no frame around it. Pictures are decoded from messages (`blob:`). */
const CSP =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The built application: `/` and `/assets/…`, whose names carry a hash of their content. Nothing outside its folder can be reached. */
export function webFiles(server: FastifyInstance, folder: string): void {
  if (!existsSync(join(folder, 'index.html'))) {
    server.get('/', (_request, reply) => reply.code(503).send({ error: 'The pages are not built yet: run "npm run build" once.' }));
    return;
  }
  server.register(fastifyStatic, {
    root: folder,
    index: 'index.html',
    dotfiles: 'deny',
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('content-security-policy', CSP);
      reply.header('cache-control', path.includes('/assets/') ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    },
  });
}

/** Pages hold no secret and must be there before somebody can sign in. */
export function isPagePath(url: string): boolean {
  const path = url.split('?')[0] as string;
  return path === '/' || path === '/favicon.svg' || /^\/assets\/[\w.-]+$/.test(path);
}
