import { join, resolve } from 'node:path'
import { embedPictures, readPictureSet } from '@assay/embed'
import { openCache, writeMatrixFile } from '@assay/store'
import { embedsNoPictures, type SessionFlags, withSession } from '../command-session.js'
import { exitCode } from '../exit-code.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { tellFailures } from '../tell-failures.js'

interface EmbedFlags extends SessionFlags {
  readonly encoder?: string
  readonly out?: string
}

/** `assay embed`: a folder of pictures to one matrix file, through the cache. */
export function embedCommand(folder: string, flags: EmbedFlags): Promise<number> {
  const { encoder: encoderName = 'assay/tiny-clip', out = 'embeddings.safetensors' } = flags
  return withSession(flags, async ({ openEncoder, progress, signal, endProgress }) => {
    const encoder = await openEncoder(encoderName)
    if (encoder.image === null) throw embedsNoPictures(encoder.card.id)
    const pictures = await readPictureSet(resolve(folder))
    const embedded = await embedPictures({
      encoder: encoder.image,
      pictures: pictures.pictures,
      cache: openCache(join(places().cache, 'embeddings')),
      progress,
      signal,
    })
    await writeMatrixFile(resolve(out), embedded.embeddings)
    endProgress()
    const failures = [...pictures.failures, ...embedded.failures]
    const { rows, columns, fingerprint } = embedded.embeddings
    if (flags.json) {
      printJson({ file: out, encoder: encoder.card.id, rows, columns, fingerprint, failures })
    } else {
      tellFailures(failures)
      process.stdout.write(`${rows} embeddings of ${columns} dimensions in ${out}\n`)
    }
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}
