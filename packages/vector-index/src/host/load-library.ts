import { AssayError } from '@assay/core'

/**
 * Loads an optional package.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where it or its binary is missing, or does not load
 */
export async function loadLibrary<Library>(
  name: string,
  load: () => Promise<Library>,
  remedy: string,
): Promise<Library> {
  try {
    return await load()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new AssayError({
      code: 'ENGINE_UNAVAILABLE',
      message: `${name} cannot be loaded: ${reason}`,
      value: name,
      remedy,
      cause,
    })
  }
}
