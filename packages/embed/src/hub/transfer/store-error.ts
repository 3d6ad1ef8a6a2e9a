import { AssayError } from '@assay/core'

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'Free space on the disk, then run the same command again; what has arrived is kept.',
  EDQUOT: 'Free space within the quota, then run the same command again; what has arrived is kept.',
  EROFS: 'Choose a folder that can be written.',
}

/** Runs calls to the file system; their failures become `FILE_WRITE_FAILED` of that file. */
export async function writing<Result>(file: string, calls: () => Promise<Result>): Promise<Result> {
  try {
    return await calls()
  } catch (cause) {
    if (AssayError.isInstance(cause) || !(cause instanceof Error && 'code' in cause)) throw cause
    throw new AssayError({
      code: 'FILE_WRITE_FAILED',
      message: `Could not write ${file}: ${cause.code}.`,
      value: file,
      remedy: remedies[String(cause.code)] ?? 'Check the disk, and that the folder is yours.',
      location: { file },
      cause,
    })
  }
}
