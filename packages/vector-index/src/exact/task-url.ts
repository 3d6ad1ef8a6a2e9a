/**
 * Where the built search task lies: beside the built index, and in `dist` when this source file runs
 * unbuilt (in tests).
 */
export function taskUrl(here: string = import.meta.url): URL {
  return here.endsWith('.ts')
    ? new URL('../../dist/search-task.js', here)
    : new URL('./search-task.js', here)
}
