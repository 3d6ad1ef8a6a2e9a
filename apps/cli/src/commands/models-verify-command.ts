import { type ModelVerification, type VerifiedModelFile, verifyModel } from '@assay/embed/hub'
import { exitCode } from '../exit-code.js'
import { interruptSignal } from '../interrupt.js'
import { knownModels, unknownModel } from '../models/known-models.js'
import { printJson } from '../print-json.js'
import { progressDisplay } from '../progress-display.js'
import { printable, table } from '../table.js'

interface VerifyFlags {
  readonly quiet?: boolean
  readonly json?: boolean
}

/** `assay models verify`: hashes models again; exit code 1 where a file is not what it must be. */
export async function modelsVerifyCommand(
  ids: readonly string[],
  flags: VerifyFlags,
): Promise<number> {
  const interrupt = interruptSignal()
  const display = await progressDisplay({ quiet: flags.quiet === true })
  try {
    const models: ModelVerification[] = []
    for (const { folder, pins } of await chosen(ids)) {
      const { progress } = display
      models.push(await verifyModel({ folder, pins, progress, signal: interrupt.signal }))
    }
    display.end()
    if (flags.json) printJson({ models })
    else process.stdout.write(table(models.flatMap(rows)))
    return models.every(({ intact }) => intact) ? exitCode.ok : exitCode.internal
  } finally {
    display.end()
    interrupt.release()
  }
}

/** The models of some ids, or without ids all that are on this machine. */
async function chosen(ids: readonly string[]) {
  const here = (await knownModels()).filter(({ state }) => /built-in|pulled/.test(state))
  if (ids.length === 0) return here
  return ids.map((id) => {
    const model = here.find(({ card }) => card.id === id)
    if (model) return model
    const known = here.map(({ card }) => card.id)
    throw unknownModel(id, known)
  })
}

const rows = ({ id, files }: ModelVerification) =>
  files.map((file) => [printable(id), printable(file.path), finding(file)])

function finding({ state, expected, found }: VerifiedModelFile): string {
  if (state !== 'changed' || found === null) return state
  const { bytes, sha256 } = expected
  return bytes !== null && bytes !== found.bytes
    ? `changed: ${found.bytes} bytes instead of ${bytes}`
    : `changed: SHA-256 ${found.sha256} instead of ${sha256}`
}
