/**
 * Where the built decoder lies: beside the built index, and in `dist` when this source file runs
 * unbuilt (in tests).
 */
export function decoderUrl(here: string = import.meta.url): URL {
  const unbuilt = here.endsWith('.ts')
  return new URL(unbuilt ? '../../dist/parquet-decoder.js' : './parquet-decoder.js', here)
}
