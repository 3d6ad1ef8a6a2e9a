/**
 * Where a built script lies that is started by its file name: beside the built index, and in `dist` when
 * this source file runs unbuilt (in tests).
 */
export function builtScript(name: string, here: string = import.meta.url): URL {
  return new URL(here.endsWith('.ts') ? `../../dist/${name}` : `./${name}`, here)
}
