/**
 * Draws with the memoriser, which knows nothing but copies, without a shield and with one around every picture
 * that it has memorised, and counts what was saved. See docs/shields.md.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMatrix, type ImageGenerator } from '@assay/core'
import { contactSheet, writePictures } from '@assay/diffusion'
import { createMemoriser, readPictureBank } from '@assay/diffusion/analytic'
import { decodeImage } from '@assay/embed'
import {
  pixelSpace,
  protect,
  referencesInMemory,
  shieldEvidence,
  shieldGenerator,
} from '@assay/repellency'
import { nearestReferences } from '@assay/repellency/audit'
import { bank as bankFolder } from '@assay/tiny-world'

const bank = await readPictureBank(bankFolder)
const generator = createMemoriser({ bank, steps: 8 })
const space = pixelSpace(bank)

// The protected pictures, as the sampler sees pictures: planes in [-1, 1]. The bank has them as planes.
const data = Float32Array.from(bank.pixels, (level) => level / 127.5 - 1)
const references = referencesInMemory(
  createMatrix({ data, columns: space.dimensions, fingerprint: space.name }),
)

const radius = 12
const shielded = shieldGenerator({
  generator,
  space,
  ...protect({ references, radius }),
  referencesHash: bank.fingerprint,
})

const [out] = process.argv.slice(2)
const folder = out ?? (await mkdtemp(join(tmpdir(), 'assay-shield-')))
const requests = [{ prompt: 'a red apple', count: 2, seed: 1 }]

/** Draws, reads the files again, and finds the protected picture that is nearest to each. */
async function drawn(from: ImageGenerator, name: string) {
  const written = await writePictures({ generator: from, requests, folder: join(folder, name) })
  const files = written.pictures.map((row) => join(written.folder, row.file_name))
  const vectors = []
  for (const file of files) vectors.push(await space.toVector(await decodeImage(file)))
  const saved = createMatrix({ data: vectors, fingerprint: space.name })
  const nearest = await nearestReferences(saved, references, { start: radius })
  for (const [at, { row, distance }] of nearest.entries()) {
    const where = distance < radius ? 'INSIDE' : 'outside'
    const { file_name: file } = written.pictures[at] ?? {}
    const id = bank.captions[row]?.id
    console.log(`${name}/${file}: ${where}, ${(distance / radius).toFixed(1)} radii from ${id}`)
  }
  return files
}

const copies = await drawn(generator, 'base')
const others = await drawn(shielded, 'shielded')

// What the shield did, for `assay audit` and for whoever wants to know.
const evidence = shieldEvidence({
  generator: shielded,
  requests: shielded.evidence,
  fileOf: ({ seed }) => `a-red-apple-${seed}.png`,
  referenceOf: (row) => bank.captions[row]?.id ?? null,
})
await writeFile(join(folder, 'shielded', 'shield.json'), JSON.stringify(evidence))
for (const { file, activeCalls, calls } of evidence.requests.flatMap((each) => each.pictures)) {
  console.log(`${file}: in a shield at ${activeCalls} of ${calls} model calls`)
}

const sources = [...copies, ...others].map((source) => ({ source }))
await writeFile(
  join(folder, 'contact-sheet.png'),
  await contactSheet({ pictures: sources, columns: copies.length }),
)
if (out === undefined) await rm(folder, { recursive: true })
else console.log(`To look at: ${join(out, 'contact-sheet.png')}`)
