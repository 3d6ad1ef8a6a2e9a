import { join, resolve } from 'node:path'
import { openModel } from '@assay/audit'
import { AssayError } from '@assay/core'
import { embedPictures, readPictureSet } from '@assay/embed'
import { openCache, writeMatrixFile } from '@assay/store'
import { createEngine, type Device } from '@assay/tensor'
import { exitCode } from '../exit-code.js'
import { interruptSignal } from '../interrupt.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { progressDisplay } from '../progress-display.js'
import { printable } from '../table.js'

interface EmbedFlags {
  readonly encoder?: string
  readonly device?: Device
  readonly out?: string
  readonly quiet?: boolean
  readonly json?: boolean
}

/** `assay embed`: a folder of pictures to one matrix file, through the cache. */
export async function embedCommand(folder: string, flags: EmbedFlags): Promise<number> {
  const { encoder: encoderName = 'assay/tiny-clip', out = 'embeddings.safetensors' } = flags
  const engine = createEngine({ device: flags.device ?? 'cpu' }) // Refuses a name that it does not know.
  const display = await progressDisplay({ quiet: flags.quiet === true })
  const interrupt = interruptSignal()
  try {
    const { cache, models } = places()
    const encoder = await openModel(encoderName, {
      baseFolder: process.cwd(),
      modelFolders: models,
      engine,
      signal: interrupt.signal,
    })
    if (encoder.image === null) throw embedsNoPictures(encoder.card.id)
    const pictures = await readPictureSet(resolve(folder))
    const embedded = await embedPictures({
      encoder: encoder.image,
      pictures: pictures.pictures,
      cache: openCache(join(cache, 'embeddings')),
      progress: display.progress,
      signal: interrupt.signal,
    })
    await writeMatrixFile(resolve(out), embedded.embeddings)
    display.end()
    const failures = [...pictures.failures, ...embedded.failures]
    const { rows, columns, fingerprint } = embedded.embeddings
    const done = { file: out, encoder: encoder.card.id, rows, columns, fingerprint, failures }
    if (flags.json) printJson(done)
    else report(done)
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  } finally {
    display.end()
    interrupt.release()
    await engine.close()
  }
}

function report(done: {
  readonly file: string
  readonly rows: number
  readonly columns: number
  readonly failures: readonly { readonly id: string; readonly message: string }[]
}): void {
  for (const { id, message } of done.failures) {
    process.stderr.write(`${printable(id)}: ${printable(message)}\n`)
  }
  process.stdout.write(`${done.rows} embeddings of ${done.columns} dimensions in ${done.file}\n`)
}

function embedsNoPictures(id: string): AssayError {
  return new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `${id} embeds no pictures.`,
    value: id,
    remedy: 'Choose another model; `assay models ls` lists them.',
  })
}
