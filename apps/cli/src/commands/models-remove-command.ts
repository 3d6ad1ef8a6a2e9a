import { AssayError } from '@assay/core'
import { removeModel } from '@assay/embed/hub'
import { exitCode } from '../exit-code.js'
import { interruptSignal } from '../interrupt.js'
import { ask, isInteractive } from '../models/ask.js'
import { knownModels } from '../models/known-models.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { printable } from '../table.js'

interface RemoveFlags {
  readonly yes?: boolean
  readonly forget?: boolean
  readonly json?: boolean
}

/** `assay models rm`: removes a model that was pulled, or a part of one. */
export async function modelsRemoveCommand(id: string, flags: RemoveFlags): Promise<number> {
  const { forget = false } = flags
  const known = (await knownModels()).find(({ card }) => card.id === id)
  if (known?.state === 'built-in') throw builtIn(id)
  await confirm(id, flags)
  const { pulled } = places()
  const card = known && { card: known.card }
  const removed = await removeModel({ modelsFolder: pulled, id, forget, ...card })
  if (!removed.removed && !forget) throw notHere(id)
  for (const file of removed.left) process.stderr.write(`Left, not ours: ${printable(file)}\n`)
  if (flags.json) printJson({ ...removed, forgotten: forget })
  else if (removed.removed) process.stdout.write(`Removed ${id}\n`)
  else process.stdout.write(`Forgot the pins of ${id}\n`)
  return exitCode.ok
}

async function confirm(id: string, { yes = false, forget = false }: RemoveFlags): Promise<void> {
  if (yes) return
  const interrupt = interruptSignal()
  try {
    const what = forget ? `${id}, and forget what it was pinned to` : id
    if (isInteractive() && (await ask(`Remove ${printable(what)}?`, interrupt.signal))) return
  } finally {
    interrupt.release()
  }
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${id} was not removed: nobody agreed.`,
    value: id,
    remedy: 'Answer yes, or give --yes.',
  })
}

const builtIn = (id: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${id} comes with Assay and cannot be removed.`,
    value: id,
    remedy: 'Name a model that was pulled; "assay models ls" lists them.',
  })

const notHere = (id: string) =>
  new AssayError({
    code: 'MODEL_UNKNOWN',
    message: `No model called "${id}" was pulled.`,
    value: id,
    remedy: '"assay models ls" lists those that were.',
  })
