import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';

/** Opens the port, 0 for a free one, and answers with its number. Throws a sentence if it cannot be had. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new OcelliError(
      'INPUT_INVALID',
      `cannot listen on ${host}, port ${port}: ${sentenceOf(cause)}; name another port, or 0 for a free one`,
      { cause },
    );
  }
  return (server.address() as AddressInfo).port;
}
