import type { Configuration } from '../engine/config/configuration.ts';
import { OcelliError } from '../engine/errors.ts';
import { Secret } from '../engine/secret.ts';
import type { AccessRules } from '../ui/server/access.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

interface Listener {
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  close(): Promise<unknown>;
}

/** Who may talk to a server. Another address than this machine's own needs a token. @throws OcelliError CONFIG_INVALID */
export function accessOf({ server: { host, token } }: Pick<Configuration, 'server'>): AccessRules {
  if (token === undefined && !LOOPBACK.has(host)) {
    throw new OcelliError(
      'CONFIG_INVALID',
      `server.host is ${host}, which other machines can reach; set server.token too, or leave it at 127.0.0.1.`,
    );
  }
  return { host, ...(token === undefined ? {} : { token: new Secret(token) }) };
}

/** Lets a server listen where the configuration says. @returns its address; a server that cannot listen is closed */
export async function openServer(server: Listener, { server: { host, port } }: Pick<Configuration, 'server'>): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    await server.close(); // What follows the topics for the pages would keep the process alive.
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new OcelliError(
      'CONFIG_INVALID',
      `Port ${port} of ${host} is taken by another program; set server.port or --port to another one, or to 0 for a free one.`,
      { cause },
    );
  }
}
