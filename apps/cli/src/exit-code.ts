import { AssayError } from '@assay/core'

/** What the process's exit code means; stable, so that scripts can rely on it. */
export const exitCode = {
  ok: 0,
  internal: 1,
  usage: 2,
  /** An audit failed, or more pictures than the configuration tolerates. */
  partial: 3,
  gateFailed: 100,
  gateUndecided: 101,
  interrupted: 130,
} as const

/** Kinds of error that the user can mend by another command line, file or configuration. */
const usageKinds: readonly string[] = [
  'argument',
  'configuration',
  'format',
  'image',
  'limit',
  'model',
  'storage',
]

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (!AssayError.isInstance(error)) return exitCode.internal
  if (error.kind === 'aborted') return exitCode.interrupted
  const isUsage = usageKinds.includes(error.kind) || error.code === 'ENGINE_UNAVAILABLE'
  return isUsage ? exitCode.usage : exitCode.internal
}
