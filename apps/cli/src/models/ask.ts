import { createInterface } from 'node:readline/promises'

/** Whether somebody is there to be asked. */
export const isInteractive = (): boolean =>
  process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks a question on the terminal; anything but y or yes is no. */
export async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  // On stderr, so that stdout holds nothing but results.
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  // On a terminal Ctrl-C comes as a key.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal })
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
