/** `${NAME}`, or `${NAME:-otherwise}`. */
export const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Names of the variables that a text asks for and that are not set. */
export function missingVariables(text: string, environment: NodeJS.ProcessEnv): string[] {
  return [...text.matchAll(VARIABLE)]
    .filter(([, name = '', otherwise]) => environment[name] === undefined && otherwise === undefined)
    .map(([, name = '']) => name);
}

/**
 * Puts values of the environment in place of `${NAME}` and `${NAME:-otherwise}`. In an address, what stands before the last `@` is
 * escaped, so that a password may hold any character.
 */
export function fillVariables(text: string, environment: NodeJS.ProcessEnv): string {
  const credentialsEnd = /^[a-z]+:\/\//i.test(text) ? text.lastIndexOf('@') : -1;
  return text.replace(VARIABLE, (_match, name: string, otherwise: string | undefined, offset: number) => {
    const value = environment[name] ?? otherwise ?? '';
    return offset < credentialsEnd ? encodeURIComponent(value) : value;
  });
}
