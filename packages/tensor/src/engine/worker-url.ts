/**
 * Where the built worker script lies: beside the built index, and in `dist` when this source file runs
 * unbuilt (in tests).
 */
export function workerUrl(here: string = import.meta.url): URL {
  return here.endsWith('.ts') ? new URL('../../dist/worker.js', here) : new URL('./worker.js', here)
}
