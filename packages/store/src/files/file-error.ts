import { AssayError, type AssayErrorCode } from '@assay/core'

/** Whether `error` is what a failed system call throws. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

/** Whether `error` says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOENT'
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'Free space on the disk, then run the same command again.',
  EDQUOT: 'Free space within the quota, then run the same command again.',
  EFBIG: 'Raise the file size limit of the process, then run the same command again.',
  EACCES: 'Give this user the right to the file and its folder.',
  EPERM: 'Give this user the right to the file and its folder.',
  EROFS: 'Choose a folder that can be written.',
  ENOENT: 'Check the path; its folder must exist.',
  EMFILE: 'Raise the limit of open files (`ulimit -n`).',
}

function fileError(code: AssayErrorCode, doing: string, path: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause
  return new AssayError({
    code,
    message: `Could not ${doing} ${path}: ${cause.code}.`,
    value: path,
    remedy: remedies[cause.code ?? ''] ?? 'Check the disk and the path, then run it again.',
    location: { file: path },
    cause,
  })
}

/**
 * What to throw when reading `path` ended in `cause`: `FILE_MISSING` or `FILE_READ_FAILED` for a
 * failed system call, anything else unchanged.
 */
export function readError(path: string, cause: unknown): unknown {
  return fileError(isMissing(cause) ? 'FILE_MISSING' : 'FILE_READ_FAILED', 'read', path, cause)
}

/**
 * What to throw when writing `path` ended in `cause`: `FILE_WRITE_FAILED` for a failed system call,
 * anything else (a fault of what was to be written) unchanged.
 */
export function writeError(path: string, cause: unknown): unknown {
  return fileError('FILE_WRITE_FAILED', 'write', path, cause)
}
