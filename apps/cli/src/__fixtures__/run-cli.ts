import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunCliOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Told of what the command writes to stdout, with a way to send it a signal. */
  readonly onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
  /** Told of what the command writes to stderr, with a way to send it a signal. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
  /** Told that the command has started, with a way to send it a signal. */
  readonly onSpawn?: (kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs the built `assay` as a user would: a process of its own. */
export function runCli(arguments_: readonly string[], options: RunCliOptions = {}): Promise<Ended> {
  const { cwd, env = {}, onStdout = () => {}, onStderr = () => {}, onSpawn = () => {} } = options
  const child = spawn(process.execPath, [main, ...arguments_], {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onSpawn((signal) => child.kill(signal))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    onStdout(chunk.toString(), (signal) => child.kill(signal))
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    onStderr(chunk.toString(), (signal) => child.kill(signal))
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
