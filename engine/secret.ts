import { inspect } from 'node:util';

const MASK = '***';

/** A value that is never printed: not by string concatenation, JSON, loggers or `console.log`. Only `reveal` gives it, to whom must have it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** An address that may hold a user and a password: prints without them. */
export class SecretUrl extends Secret {
  readonly #printable: string;

  constructor(value: string) {
    super(value);
    this.#printable = redactUrls(value);
  }

  override toString(): string {
    return this.#printable;
  }

  override toJSON(): string {
    return this.#printable;
  }

  override [inspect.custom](): string {
    return this.#printable;
  }
}

/** A part of an address, such as a password, as it was meant: percent-encoding is taken off, and a stray % stands for itself. */
export function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Some cameras take them in path or query: `/user=admin&password=…`. What follows up to the next part of the address is hidden. */
const NAMED_SECRETS = /([?&;/_](?:user(?:name)?|usr|pass(?:word|wd)?|pwd|token|auth|key|secret)=)[^&;/?#]+/gi;

/**
 * Takes user and password out of every address in a text, such as an error line of ffmpeg. The last `@` before the path ends them.
 */
export function redactUrls(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)([^\s/?#'"]*@)/gi, `$1${MASK}@`)
    .replace(/[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi, (url) => url.replace(NAMED_SECRETS, `$1${MASK}`));
}
