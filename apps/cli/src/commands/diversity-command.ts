import { AssayError } from '@assay/core'
import { diversityScores } from '@assay/repellency/audit'
import { embedsNoPictures, type SessionFlags, withSession } from '../command-session.js'
import { diversityTable } from '../diversity/diversity-table.js'
import { embedFolder } from '../diversity/embed-folder.js'
import { exitCode } from '../exit-code.js'
import { decimalNumber, wholeNumber } from '../flag-values.js'
import { printJson } from '../print-json.js'
import { tellFailures } from '../tell-failures.js'

interface DiversityFlags extends SessionFlags {
  readonly reference?: string
  readonly encoder: string
  readonly threshold?: string
  readonly neighbours: string
  readonly level: string
  readonly groups: string
}

/** `assay diversity`: how different the pictures of a folder are, pooled and within prompts. */
export function diversityCommand(folder: string, flags: DiversityFlags): Promise<number> {
  const settings = settingsOf(flags)
  return withSession(flags, async (session) => {
    const { card, image } = await session.openEncoder(flags.encoder)
    if (image === null) throw embedsNoPictures(card.id)
    const outputs = await embedFolder(folder, image, session)
    if (outputs.items.length === 0) throw nothingToMeasure(folder)
    const { reference: referenceFolder } = flags
    const reference =
      referenceFolder === undefined ? null : await embedFolder(referenceFolder, image, session)
    session.endProgress()
    const { scores, prompts } = diversityScores({
      ...{ ...settings, outputs, reference },
      encoder: { id: card.id, fingerprint: image.fingerprint },
      threshold: settings.threshold ?? card.nearDuplicate?.threshold ?? null,
    })
    const failures = [...outputs.failures, ...(reference?.failures ?? [])]
    if (flags.json) {
      const pictures = outputs.items.length
      printJson({
        pictures,
        references: reference?.items.length ?? null,
        scores,
        prompts,
        failures,
      })
    } else {
      tellFailures(failures)
      process.stdout.write(diversityTable(scores, prompts))
    }
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

function settingsOf({ threshold, neighbours, level, groups }: DiversityFlags) {
  const settings = {
    threshold: threshold === undefined ? null : decimalNumber('--threshold', threshold),
    neighbours: wholeNumber('--neighbours', neighbours),
    level: decimalNumber('--level', level),
    groups: wholeNumber('--groups', groups),
  }
  const wrong =
    (settings.threshold !== null && settings.threshold > 1 && '--threshold') ||
    (settings.neighbours < 1 && '--neighbours') ||
    (!(settings.level > 0 && settings.level < 1) && '--level') ||
    (settings.groups < 2 && '--groups')
  if (!wrong) return settings
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `${wrong} is out of its range.`,
    value: settings,
    remedy:
      'Give --threshold up to 1, --neighbours from 1, --level between 0 and 1, --groups from 2.',
  })
}

const nothingToMeasure = (folder: string): AssayError =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: `${folder} has no picture that could be embedded.`,
    value: folder,
    remedy: 'Name a folder of pictures.',
  })
