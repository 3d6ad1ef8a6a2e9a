import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const dist = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** Built entry points that promise to run in a browser. */
const entryPoints = {
  '@assay/core': dist('core/dist/index.js'),
  '@assay/core/linear-algebra': dist('core/dist/linear-algebra.js'),
  '@assay/core/statistics': dist('core/dist/statistics.js'),
  '@assay/core/formats': dist('core/dist/formats.js'),
  '@assay/core/testing': dist('core/dist/testing.js'),
  '@assay/metrics': dist('metrics/dist/index.js'),
  '@assay/tensor/graph': dist('tensor/dist/graph.js'),
  '@assay/tensor/neural': dist('tensor/dist/neural.js'),
  '@assay/tensor/train': dist('tensor/dist/train.js'),
  '@assay/tensor/web': dist('tensor/dist/web.js'),
  '@assay/attribution': dist('attribution/dist/index.js'),
  '@assay/attribution/evaluation': dist('attribution/dist/evaluation.js'),
  '@assay/attribution/gradients': dist('attribution/dist/gradients.js'),
  '@assay/concept-filter': dist('concept-filter/dist/index.js'),
  '@assay/concept-filter/artefact': dist('concept-filter/dist/artefact.js'),
  '@assay/concept-filter/attacks': dist('concept-filter/dist/attacks.js'),
  '@assay/concept-filter/certificates': dist('concept-filter/dist/certificates.js'),
  '@assay/concept-filter/evaluation': dist('concept-filter/dist/evaluation.js'),
  '@assay/concept-filter/peers': dist('concept-filter/dist/peers.js'),
  '@assay/concept-filter/train': dist('concept-filter/dist/train.js'),
}

/** Has code for Node of its own, which it does not run in browsers. */
const external = ['onnxruntime-web']

/** Bundles as a web project does: a built-in of Node is an error. */
const bundle = (entryPoint: string) =>
  build({
    entryPoints: [entryPoint],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    external,
    logLevel: 'silent',
  })

describe('a bundle for browsers', () => {
  it.each(Object.entries(entryPoints))('of %s needs nothing of Node', async (_, entryPoint) => {
    const { metafile, outputFiles } = await bundle(entryPoint)
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
    expect(imports.filter(({ path }) => !path.startsWith('onnxruntime-web/'))).toEqual([])
    const builtIn = /\b(process\.(env|versions|exit|std)|Buffer\.(from|alloc)|require\()/
    expect(builtIn.exec(outputFiles[0]?.text ?? '')).toBeNull()
  })

  it('cannot be made of what runs in Node alone', async () => {
    await expect(bundle(dist('tensor/dist/index.js'))).rejects.toThrow(/Could not resolve/)
  })
})
