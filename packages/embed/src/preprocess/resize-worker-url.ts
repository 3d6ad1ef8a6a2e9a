/**
 * Where the built worker script lies: beside the built index, and in `dist` when this source file runs
 * unbuilt (in tests).
 */
export function resizeWorkerUrl(here: string = import.meta.url): URL {
  const unbuilt = here.endsWith('.ts')
  return new URL(unbuilt ? '../../dist/resize-worker.js' : './resize-worker.js', here)
}
