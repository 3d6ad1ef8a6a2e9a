/** Rows as left-aligned columns, two spaces between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((widest, row) => {
    row.forEach((cell, column) => {
      widest[column] = Math.max(widest[column] ?? 0, cell.length)
    })
    return widest
  }, [])
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

/** Text without control characters: prompts and file names may carry terminal escapes. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}/gu, '\u{FFFD}')
}
