/**
 * Draws a set of pictures with the composer, which needs no download and knows what it draws from, and a
 * contact sheet of them. See docs/generators.md.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactSheet, type PictureRow, writePictures } from '@assay/diffusion'
import { type AnalyticMetadata, createComposer, readPictureBank } from '@assay/diffusion/analytic'
import { bank } from '@assay/tiny-world'

// Yours may be `openPipeline({ folder, engine })`, or a service from @assay/diffusion/remote.
const generator = createComposer({ bank: await readPictureBank(bank) })

const [out] = process.argv.slice(2)
const folder = out ?? (await mkdtemp(join(tmpdir(), 'assay-pictures-')))
const requests = ['a red apple', 'a frog', 'a sailboat'].map((prompt) => ({
  prompt,
  count: 2,
  seed: 1,
}))

const { pictures, failures, added } = await writePictures({ generator, requests, folder })
console.log(`${pictures.length} pictures by ${generator.id}, ${added} of them new`)
console.log(`${failures.length} failures`)

/** The picture of the bank that a drawn one is made of most. */
const mostOf = ({ details }: PictureRow) =>
  (details as AnalyticMetadata | undefined)?.attribution.shares[0]

for (const row of pictures) {
  const most = mostOf(row)
  const share = ((most?.share ?? 0) * 100).toFixed(0)
  console.log(`${row.file_name}: ${share} % of ${most?.id}`)
}

// The same call again: everything is there.
const again = await writePictures({ generator, requests, folder })
console.log(`again: ${again.pictures.length} pictures, ${again.added} of them new`)

const sheet = await contactSheet({
  pictures: pictures.map(({ file_name, prompt }) => ({
    source: join(folder, file_name),
    label: prompt,
  })),
  columns: 2,
})
await writeFile(join(folder, 'contact-sheet.png'), sheet)
if (out === undefined) await rm(folder, { recursive: true })
else console.log(`To look at: ${join(out, 'contact-sheet.png')}`)
