import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A program and its arguments. */
export interface Command {
  readonly program: string
  readonly arguments: readonly string[]
}

const shell = '/bin/sh'

/**
 * Sets the limits of the kernel for itself and becomes the program: no core files; no more private
 * writable memory than so many KiB (see getrlimit(2), RLIMIT_DATA: unlike the address space it does not
 * count what is only reserved, of which Node and ONNX Runtime reserve much); first in line when the
 * system runs out of memory. A limit that cannot be set is not missed: the process watches itself too.
 */
const limited = `
ulimit -c 0
ulimit -d "$1" 2>/dev/null
echo 1000 2>/dev/null >/proc/self/oom_score_adj
shift
exec "$@"
`

/** The kernel counts what is reserved but untouched yet; the runtime's memory pools grow by doubling. */
const kernelMargin = 1.5

/** How the process of a model is started that may hold `memoryBytes`. */
export function modelCommand(memoryBytes: number): Command {
  const program = [process.execPath, fileURLToPath(modelProcessUrl())]
  if (process.platform !== 'linux' || !existsSync(shell)) {
    return { program: process.execPath, arguments: program.slice(1) }
  }
  const kibibytes = Math.ceil((memoryBytes * kernelMargin) / 1024)
  return { program: shell, arguments: ['-c', limited, shell, String(kibibytes), ...program] }
}

/**
 * All that a model's process gets of our environment, which may hold secrets: what Windows and unusual
 * installations need to load a library.
 */
export function modelEnvironment(): NodeJS.ProcessEnv {
  const needed = ['SystemRoot', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']
  const present = needed.filter((name) => process.env[name] !== undefined)
  return Object.fromEntries(present.map((name) => [name, process.env[name]]))
}

/**
 * Where the built script lies: beside the built index, and in `dist` when this source file runs unbuilt
 * (in tests).
 */
export function modelProcessUrl(here: string = import.meta.url): URL {
  const unbuilt = here.endsWith('.ts')
  return new URL(unbuilt ? '../../dist/model-process.js' : './model-process.js', here)
}
