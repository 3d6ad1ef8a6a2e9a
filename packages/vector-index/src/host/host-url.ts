/**
 * Where the built host lies: beside the built entries, and in `dist` when this source file runs unbuilt
 * (in tests).
 */
export function hostUrl(here: string = import.meta.url): URL {
  const unbuilt = here.endsWith('.ts')
  return new URL(unbuilt ? '../../dist/library-host.js' : './library-host.js', here)
}
