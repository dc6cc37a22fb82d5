/** What a readable row holds: text and numbers by name. */
export type TableRow = Readonly<Record<string, string | number>>;

/**
 * A readable row for other programs, changed in the same step as the state, in the order given. `set` writes the named fields and
 * leaves the others, `add` adds to numbers (a missing one counts as 0; a text is refused), `remove` takes the row away.
 */
export type TableChange =
  | { readonly table: string; readonly row: string; readonly set: TableRow }
  | { readonly table: string; readonly row: string; readonly add: Readonly<Record<string, number>> }
  | { readonly table: string; readonly row: string; readonly remove: true };
