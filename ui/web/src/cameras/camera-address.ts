/** An address, with what stands before the `@` apart. */
export interface SplitAddress {
  readonly address: string;
  /** As written in the address; `undefined` when there is none. */
  readonly credentials: string | undefined;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** `${NAME}`, or `***` for what is stored. */
const AS_IT_IS = /^(\$\{[A-Za-z_][A-Za-z0-9_]*\}|\*\*\*)$/;

/** The last `@` ends user and password: a password may hold others. */
export function splitAddress(url: string): SplitAddress {
  const [, scheme = '', credentials, rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(?:(.*)@)?([^@]*)$/i.exec(url.trim()) ?? [];
  return scheme === '' ? { address: url.trim(), credentials: undefined } : { address: scheme + rest, credentials };
}

export function joinAddress(address: string, credentials: string | undefined): string {
  const given = address.trim();
  return credentials ? given.replace(/^([a-z][a-z0-9+.-]*:\/\/)/i, (scheme) => `${scheme}${credentials}@`) : given;
}

/** User and password as they stand in an address: a reference `${NAME}` and `***` as they are, everything else escaped. */
export function writeCredentials({ user, password }: Credentials): string | undefined {
  if (user === '' && password === '') return undefined;
  return password === '' ? written(user) : `${written(user)}:${written(password)}`;
}

/** User and password of an address that somebody pasted. */
export function readCredentials(credentials: string): Credentials {
  const colon = credentials.indexOf(':');
  const [user, password] = colon < 0 ? [credentials, ''] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
  return { user: unescaped(user), password: unescaped(password) };
}

function written(part: string): string {
  return AS_IT_IS.test(part) ? part : encodeURIComponent(part);
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // A stray % stands for itself.
  }
}
