import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const script = fileURLToPath(new URL('./child.test.helper.mjs', import.meta.url))

/** A process that runs one of the scenarios of `child.test.helper.mjs` on the built package. */
export interface Child {
  readonly process: ChildProcess
  /** What it has printed so far. */
  output(): string
  /** Resolves once it has printed `text`, rejects if it ends before. */
  printed(text: string): Promise<void>
  /** Resolves when it has ended. */
  ended(): Promise<void>
}

export function startChild(scenario: string, ...parameters: string[]): Child {
  const child = spawn(process.execPath, [script, scenario, ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'close').then(() => {})
  let output = ''
  child.stdout.on('data', (piece) => {
    output += String(piece)
  })
  async function printed(text: string): Promise<void> {
    while (!output.includes(text)) {
      if (child.stdout.readableEnded) expect.fail(`ended without printing ${text}: ${output}`)
      await Promise.race([once(child.stdout, 'data'), exit])
    }
  }
  return { process: child, output: () => output, printed, ended: () => exit }
}
