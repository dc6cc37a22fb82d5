import { redactUrls } from '../secret.ts';
import { UrlProblem } from './camera-url.ts';
import { VARIABLE } from './environment.ts';

/** What stands for a user or a password that is not shown, and, in an address that is given, for the one that is stored. */
export const KEPT = '***';

/** An address as it stands in the file, taken apart at its own places: nothing is decoded or filled in. */
interface Address {
  /** `rtsp://`, in lower case. */
  readonly scheme: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Host and port. */
  readonly host: string;
  /** Path and query. */
  readonly rest: string;
}

/**
 * An address of the file as people may see it: a written-out user or password is `***`, a reference `${NAME}` stays (without its default).
 * `file:` addresses have nothing to hide.
 */
export function shownAddress(stored: string): string {
  const address = takeApart(stored);
  if (address === undefined) return stored;
  const { scheme, user, password, host, rest } = address;
  return redactUrls(scheme + host + withoutDefaults(rest)).replace(scheme, scheme + shownCredentials(user, password));
}

function shownCredentials(user: string | undefined, password: string | undefined): string {
  if (user === undefined) return '';
  const [name, secret] = [user, password].map((part) => part && shownPart(part));
  return secret === undefined || (name === KEPT && secret === KEPT) ? `${name}@` : `${name}:${secret}@`;
}

function shownPart(part: string): string {
  const whole = new RegExp(`^${VARIABLE.source}$`).exec(part);
  return whole === null ? KEPT : `\${${whole[1]}}`;
}

function withoutDefaults(text: string): string {
  return text.replace(VARIABLE, (_reference, name: string) => `\${${name}}`);
}

/**
 * The address to write when a person or program gives one that holds `***`: what is stored comes in its place. Only for the same host:
 * whoever may change an address must not be able to have the stored password sent elsewhere.
 * @throws UrlProblem
 */
export function restoreCredentials(given: string, stored: string | undefined): string {
  if (stored !== undefined && given === shownAddress(stored)) return stored;
  if (!given.includes(KEPT)) return given;
  const [next, now] = [takeApart(given), stored === undefined ? undefined : takeApart(stored)];
  if (next === undefined || next.host.includes(KEPT) || next.rest.includes(KEPT))
    throw new UrlProblem(`holds ${KEPT}; write out what stands there`);
  if (now?.user === undefined) throw new UrlProblem(`holds ${KEPT}, but no user and password are stored; write them out`);
  if (next.scheme !== now.scheme || hostAndPort(next) !== hostAndPort(now))
    throw new UrlProblem('leads to another host than before; give user and password again, so that they go only where they are meant to');
  const user = next.user === KEPT ? now.user : next.user;
  const whole = next.user === KEPT && next.password === undefined;
  const password = whole || next.password === KEPT ? now.password : next.password;
  return `${next.scheme}${user}${password === undefined ? '' : `:${password}`}@${next.host}${next.rest}`;
}

/** The names that user and password of an address refer to. */
export function credentialReferences(address: string): string[] {
  const { user = '', password = '' } = takeApart(address) ?? {};
  return namesIn(`${user} ${password}`);
}

/** The names that host and path of an address refer to. */
export function otherReferences(address: string): string[] {
  const parts = takeApart(address);
  return namesIn(parts === undefined ? address : parts.host + parts.rest);
}

function namesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map(([, name = '']) => name);
}

function hostAndPort({ scheme, host }: Address): string {
  return host.toLowerCase().replace(scheme === 'rtsps://' ? /:322$/ : /:554$/, '');
}

/** As `readCameraUrl` reads it: where a password holds characters that an address would escape, the last `@` ends it. */
function takeApart(text: string): Address | undefined {
  const masked = text.replace(VARIABLE, (reference) => 'x'.repeat(reference.length));
  const start = /^[a-z][a-z0-9+.-]*:\/\//i.exec(masked)?.[0].length;
  if (start === undefined || /^file:/i.test(text)) return undefined;
  const isUrl = URL.canParse(masked);
  const authorityEnd = start + masked.slice(start).search(/[/?#]|$/);
  const at = masked.lastIndexOf('@', isUrl ? authorityEnd : masked.length);
  const hostStart = at < start ? start : at + 1;
  const hostEnd = hostStart + masked.slice(hostStart).search(/[/?#]|$/);
  const colon = masked.indexOf(':', start);
  const userEnd = colon >= 0 && colon < at ? colon : at;
  return {
    scheme: text.slice(0, start).toLowerCase(),
    user: at < start ? undefined : text.slice(start, userEnd),
    password: userEnd < at ? text.slice(userEnd + 1, at) : undefined,
    host: text.slice(hostStart, hostEnd),
    rest: text.slice(hostEnd),
  };
}
