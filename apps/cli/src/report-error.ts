import { AssayError } from '@assay/core'
import { CommanderError } from 'commander'
import pc from 'picocolors'
import { exitCode, exitCodeOf } from './exit-code.js'

/** Tells of an error on stderr and returns the exit code for it. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCode.ok : exitCode.usage // Commander has printed it.
  }
  if (isAbort(error)) {
    process.stderr.write(
      'Interrupted. What was finished is kept; the same command goes on there.\n',
    )
    return exitCode.interrupted
  }
  process.stderr.write(`${describe(error)}\n`)
  return exitCodeOf(error)
}

function isAbort(error: unknown): boolean {
  if (AssayError.isInstance(error)) return error.kind === 'aborted'
  return error instanceof Error && error.name === 'AbortError'
}

function describe(error: unknown): string {
  if (AssayError.isInstance(error)) {
    const { file, row } = error.location
    const place =
      file === undefined ? '' : ` ${pc.dim(row === undefined ? file : `${file}:${row}`)}`
    return `${pc.red(error.code)}${place}\n${error.message}\n${pc.dim(error.remedy)}`
  }
  const stack = error instanceof Error ? error.stack : String(error)
  return `${pc.red('INTERNAL')} This is a fault of Assay's.\n${stack}`
}
