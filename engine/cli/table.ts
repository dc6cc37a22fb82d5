/** Below this width a last column is left as it is: wrapped, it would be hard to read as well. */
const NARROWEST = 20;
const BETWEEN = '   ';

/** Prints rows in columns: words to the left, numbers to the right. In a terminal, a last column that is too wide goes on below itself. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const line of tableLines(head, rows, process.stdout.columns)) console.log(line);
}

/** @param columns of the terminal; without it nothing is wrapped. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[], columns?: number): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => /^[-–\d.,%]+$/.test(row[column] ?? '')));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join(BETWEEN)
      .trimEnd();
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + BETWEEN.length, 0);
  return [head, ...rows].flatMap((cells) => wrapped(line(cells), before, columns));
}

/** Breaks what stands behind `indent` characters between words. */
function wrapped(line: string, indent: number, columns = Number.POSITIVE_INFINITY): readonly string[] {
  const room = columns - indent;
  if (line.length <= columns || room < NARROWEST) return [line];
  const parts = [line.slice(0, indent)];
  for (const word of line.slice(indent).split(' ')) {
    const last = parts.at(-1) as string;
    if (last.length > indent && last.length + 1 + word.length > columns) parts.push(' '.repeat(indent) + word);
    else parts[parts.length - 1] = last.length > indent ? `${last} ${word}` : last + word;
  }
  return parts;
}
