import type { GeneratedImage, GenerationRequest } from '@assay/core'
import { assertOption, assertShieldOptions } from '../shield/assert-shield-options.js'
import { assertInSpace } from './assert-in-space.js'
import { noSpace } from './shield-space.js'
import type {
  RequestEvidence,
  ShieldedGenerator,
  ShieldGeneratorOptions,
} from './shielded-generator.js'
import { beginShieldedRun } from './shielded-run.js'

/**
 * A generator that draws with a shield and keeps evidence. With `protect`, every finished picture is checked
 * in the space that is given: one that lies in a shield, or that the shield was never shown, is an outcome
 * `rejected` and is not given out. So it is, with either preset, with one that strict form finds no place for
 * at any model call, and one whose size is not that of the space; the others are drawn. With `diversify`, the finished pictures of a request, or without a space its
 * last predictions, fill a bank that later
 * batches keep away from; a picture then depends on those before it and beside it.
 *
 * A hook of the request is asked first, so that the shield has the last word.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `SHAPE_MISMATCH` and `FINGERPRINT_MISMATCH` (references that do
 *   not name the space); from the iteration what the generator, the space and the shield throw
 */
export function shieldGenerator(options: ShieldGeneratorOptions): ShieldedGenerator {
  const settings = withSpaceDefaults(options)
  assertShieldOptions(settings)
  assertOneSpace(settings)
  const evidence: RequestEvidence[] = []
  return {
    specificationVersion: 1,
    id: `${options.generator.id}+${options.preset}`,
    fingerprint: fingerprintOf(settings),
    evidence,
    generate: (request) => drawShielded(settings, request, evidence),
  }
}

async function* drawShielded(
  options: ShieldGeneratorOptions,
  request: GenerationRequest,
  evidence: RequestEvidence[],
): AsyncGenerator<GeneratedImage> {
  const run = beginShieldedRun(options, request)
  evidence.push(run.evidence)
  for await (const outcome of options.generator.generate({ ...request, hook: run.hook })) {
    yield await run.finish(outcome)
  }
}

/** Strict form has the box and the margin of the space, where it has none of its own. */
function withSpaceDefaults(options: ShieldGeneratorOptions): ShieldGeneratorOptions {
  const { space, strict = false } = options
  if (space === undefined || !strict) return options
  const { box = space.box, margin = space.margin } = options
  return { ...options, margin, ...(box !== null && { box }) }
}

function assertOneSpace({ references, space }: ShieldGeneratorOptions): void {
  assertOption(
    space?.name !== noSpace,
    'space',
    space?.name,
    'Name the encoder as well: in evidence this alone says that there is no space.',
  )
  if (references === undefined || space === undefined) return
  assertInSpace(references, space)
}

/** Null where nothing names the generator or the references. */
function fingerprintOf(options: ShieldGeneratorOptions): string | null {
  const { generator, references, referencesHash = null, space, preset, radius } = options
  const { overcompensation, strict, margin, box, window } = { window: undefined, ...options }
  if (generator.fingerprint === null || (references && referencesHash === null)) return null
  const shield = { preset, radius, overcompensation, strict, margin, box, window }
  const named = { ...shield, references: referencesHash, space: space?.name }
  return `${generator.fingerprint} ${JSON.stringify(named)}`
}
