/** Tells a figure that a simulation found, for the notes of whoever runs it. */
export const tell = (what: string, value: number): void => {
  process.stderr.write(`${what}: ${value}\n`)
}
