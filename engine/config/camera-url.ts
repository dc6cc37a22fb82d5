import { dirname, isAbsolute, resolve } from 'node:path';
import { domainToASCII, fileURLToPath, pathToFileURL } from 'node:url';
import { SecretUrl, unescaped } from '../secret.ts';

const LONGEST = 2048;
/** The address where clouds give out their machines' credentials: never a camera. */
const METADATA_HOSTS = new Set(['169.254.169.254', '[::ffff:a9fe:a9fe]', '[fd00:ec2::254]', 'metadata.google.internal']);

/** What is wrong with an address, as a sentence without the address itself, since that may hold a password. */
export class UrlProblem extends Error {}

/**
 * Reads the address of a camera as people write it: `rtsp://` and `rtsps://` with characters in the password that an address would have
 * to escape, and `file:` with a path that is relative to the configuration file.
 * @param base the configuration file; without it (an address that came over the network) `file:` is refused.
 * @throws UrlProblem
 */
export function readCameraUrl(text: string, base?: string): SecretUrl {
  if (text.trim() === '')
    throw new UrlProblem(
      `is empty; expected an address such as rtsp://192.0.2.10/stream1${base === undefined ? '' : ' or file:clips/dock.mp4'}`,
    );
  if (text.length > LONGEST) throw new UrlProblem(`is ${text.length} characters long; at most ${LONGEST} are allowed`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new UrlProblem('holds a control character, such as a line break; take it out');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'rtsp' || scheme === 'rtsps') return new SecretUrl(readStreamUrl(text).href);
  if (scheme === 'file') return new SecretUrl(readFileUrl(text, base).href);
  throw new UrlProblem(
    `has ${scheme === undefined ? 'no scheme' : `the scheme ${scheme}:`}; expected ${base === undefined ? 'rtsp:// or rtsps://' : 'rtsp://, rtsps:// or file:'}`,
  );
}

function readStreamUrl(text: string): URL {
  const url = URL.parse(text) ?? URL.parse(escapeCredentials(text));
  if (url === null)
    throw new UrlProblem('is not a valid address; expected rtsp://user:password@host:port/path, with the port from 1 to 65535');
  if (url.hostname === '') throw new UrlProblem('has no host; expected rtsp://host/path');
  if (url.port === '0') throw new UrlProblem('has port 0; expected a port from 1 to 65535');
  if (METADATA_HOSTS.has(canonicalHost(url.hostname)))
    throw new UrlProblem(`points to ${url.hostname}, which is no camera but a cloud's metadata service`);
  return withAsciiHost(url);
}

/** `kamera.münchen.example` as the name service knows it: for schemes other than those of the web `URL` only percent-encodes it. */
function withAsciiHost(url: URL): URL {
  const host = domainToASCII(url.hostname);
  if (host === '') throw new UrlProblem('has a host that no name can be; expected rtsp://host/path');
  url.hostname = host;
  return url;
}

/** One spelling for every way to write an address: `2852039166` and `0xa9.254.43518` are 169.254.169.254, too. */
function canonicalHost(host: string): string {
  return (URL.parse(`http://${host}/`)?.hostname ?? host).replace(/\.$/, '');
}

/** Escapes what stands between `//` and the last `@`, where a password may hold `@ : / # ?`. */
function escapeCredentials(text: string): string {
  const [, scheme = '', credentials = '', rest = ''] = /^([a-z]+:\/\/)(.*)@([^@]*)$/i.exec(text) ?? [];
  if (scheme === '') return text;
  const [user = '', ...password] = credentials.split(':');
  return `${scheme}${encodeURIComponent(user)}:${encodeURIComponent(password.join(':'))}@${rest}`;
}

function readFileUrl(text: string, base: string | undefined): URL {
  if (base === undefined)
    throw new UrlProblem(
      'is a file: address; over the network only rtsp:// and rtsps:// cameras can be added. Put files into the configuration file',
    );
  const path = /^file:\/\//i.test(text) ? pathOf(text) : unescaped(text.slice('file:'.length));
  if (path === '') throw new UrlProblem('names no file; expected file:path/to/clip.mp4');
  return pathToFileURL(isAbsolute(path) ? path : resolve(dirname(base), path));
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new UrlProblem('names no file of this machine; expected file:path/to/clip.mp4 or file:///path/to/clip.mp4');
  }
}
