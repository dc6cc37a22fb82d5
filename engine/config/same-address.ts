import type { Configuration } from './configuration.ts';

const PORTS: Readonly<Record<string, string>> = { 'rtsp:': '554', 'rtsps:': '322' };

/** The first camera whose address leads to the same stream or file, whoever asks for it there. @param address with its variables filled in */
export function cameraAt(address: string, { cameras }: Pick<Configuration, 'cameras'>): string | undefined {
  const place = placeOf(address);
  return cameras.find(({ url }) => placeOf(url.reveal()) === place)?.id;
}

/** Scheme, host, port, path and query. */
function placeOf(address: string): string {
  const { protocol, hostname, port, pathname, search } = new URL(address);
  return `${protocol}//${hostname.toLowerCase()}:${port || (PORTS[protocol] ?? '')}${pathname}${search}`;
}
