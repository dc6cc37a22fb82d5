/** A piece of a text that is replaced by another. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Puts every splice in its place. They must not overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const last = splices.toSorted((a, b) => b.from - a.from);
  return last.reduce((result, { from, to, text: put }) => result.slice(0, from) + put + result.slice(to), text);
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line after that of an offset begins, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Characters before an offset in its line. A byte order mark is none. */
export function columnOf(text: string, offset: number): number {
  return text.slice(lineStart(text, offset), offset).replace('\uFEFF', '').length;
}

/** Whether the line that begins at an offset holds nothing. The end of the text is no line. */
export function isBlankLine(text: string, start: number): boolean {
  return start < text.length && text.slice(start, nextLine(text, start)).trim() === '';
}

/** The column of the comment that is all that the line at an offset holds; -1 for any other line. */
export function commentColumn(text: string, start: number): number {
  const line = text.slice(start, nextLine(text, start));
  return line.trimStart().startsWith('#') ? line.length - line.trimStart().length : -1;
}

/** The line break that a text uses. */
export function newlineOf(text: string): '\r\n' | '\n' {
  return /\r\n/.test(text) ? '\r\n' : '\n';
}
