import { createRequire } from 'node:module'

/**
 * Whether faiss-node has a binary here: without one its tests skip, unless `ASSAY_REQUIRE_FAISS` is 1.
 * Its folder is looked up, and not loaded: it can serve one thread of a process only.
 */
export function faissNode(): { absent: boolean; note: string } {
  const require = createRequire(import.meta.url)
  const binary = '../build/Release/faiss-node.node'
  let absent = false
  try {
    require.resolve(new URL(binary, `file://${require.resolve('faiss-node')}`).pathname)
  } catch {
    absent = true
  }
  if (absent && process.env['ASSAY_REQUIRE_FAISS'] === '1') {
    throw new Error('ASSAY_REQUIRE_FAISS is set, but faiss-node has no binary here')
  }
  const hint = '(skipped: faiss-node has no binary; scripts/build-faiss-node.sh makes one)'
  return { absent, note: absent ? hint : '(faiss-node)' }
}
