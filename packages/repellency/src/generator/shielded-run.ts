import type {
  DenoisingAdjustment,
  DenoisingHook,
  DenoisingStep,
  GeneratedImage,
  GenerationRequest,
} from '@assay/core'
import { joinReferences } from '../references/join-references.js'
import { createReferenceBank, type ReferenceBank } from '../references/reference-bank.js'
import { unseenPicture } from '../shield/collect-evidence.js'
import { createShield } from '../shield/create-shield.js'
import { rowsOf } from '../shield/rows-of.js'
import type { Shield, ShieldedPicture } from '../shield/shield.js'
import { assertInSpace } from './assert-in-space.js'
import { compareFinished, type FinishedComparison } from './compare-finished.js'
import { noSpace } from './shield-space.js'
import type {
  FinishedPicture,
  RequestEvidence,
  ShieldGeneratorOptions,
} from './shielded-generator.js'

/** One request that is drawn with a shield. */
export interface ShieldedRun {
  readonly hook: DenoisingHook
  readonly evidence: RequestEvidence
  /** What is given out in the place of an outcome of the generator. */
  finish(outcome: GeneratedImage): Promise<GeneratedImage>
}

/**
 * The shield of one request, whose model calls it is shown and whose outcomes it looks at.
 *
 * @throws AssayError from hook and `finish` what the shield and the space throw
 */
export function beginShieldedRun(
  options: ShieldGeneratorOptions,
  request: GenerationRequest,
): ShieldedRun {
  const { preset, space, radius, references } = options
  const drawing = createDrawing(options, request)
  const pictures: FinishedPicture[] = []
  return {
    hook: drawing.hook,
    evidence: {
      ...{ prompt: request.prompt, preset, space: space?.name ?? noSpace, radius },
      ...{ margin: options.margin ?? 0, overcompensation: options.overcompensation ?? 1.6 },
      ...{ strict: options.strict ?? false, references: references?.size ?? 0, pictures },
      get calls() {
        return drawing.shield()?.calls ?? []
      },
    },
    async finish(drawn) {
      const comparison = await compareFinished(drawn, options, request.signal)
      const reason = reasonToReject(drawn, { comparison, drawing, options })
      const outcome: GeneratedImage =
        reason === null ? drawn : { outcome: 'rejected', seed: drawn.seed, reason }
      const picture = pictureOf(drawing.shield(), drawn.seed)
      const finished = {
        ...picture,
        outcome: outcome.outcome,
        finishedDistance: comparison.distance,
      }
      pictures.push(finished)
      if (outcome.outcome === 'image' && comparison.vector) drawing.keep(comparison.vector)
      if (outcome.outcome === 'rejected') return outcome
      return { ...outcome, metadata: { ...outcome.metadata, shield: finished } }
    },
  }
}

/** The hook of one request, and what it has seen. */
interface Drawing {
  readonly hook: DenoisingHook
  /** Null until the first model call. */
  readonly shield: () => Shield | null
  /** Seeds whose last model call the shield was shown. */
  readonly shown: ReadonlySet<number>
  /** Why pictures could not be shielded, by seed: strict form found no place for them. */
  readonly unplaced: ReadonlyMap<number, string>
  /** Puts a finished picture into the bank, where there is one. */
  keep(picture: Float32Array): void
}

function createDrawing(options: ShieldGeneratorOptions, request: GenerationRequest): Drawing {
  const shown = new Set<number>()
  const unplaced = new Map<number, string>()
  let shield: Shield | null = null
  let bank: ReferenceBank | null = null
  // The length of predictions is known at the first model call.
  const begin = ({ data, dims }: DenoisingStep['prediction']): Shield => {
    const { references, bankOf, space } = options
    if (options.preset === 'diversify') {
      const dimensions = data.length / (dims[0] ?? 1)
      const fingerprint = space?.name ?? null
      bank = bankOf?.(request.prompt) ?? createReferenceBank({ dimensions, fingerprint })
      if (space) assertInSpace(bank, space)
    }
    const sets = [references, bank].filter((set) => set !== undefined && set !== null)
    return createShield({
      ...options,
      ...(sets.length > 0 && { references: joinReferences(sets) }),
      ...(request.signal && { signal: request.signal }),
      onNoPlace: (seed, reason) => unplaced.set(seed, reason),
    })
  }
  return {
    shown,
    unplaced,
    shield: () => shield,
    keep: (picture) => bank?.add([picture]),
    async hook(step) {
      const own = await request.hook?.(step)
      const seen = own?.prediction ? { ...step, prediction: own.prediction } : step
      shield ??= begin(step.prediction)
      const shielded = await shield.hook(seen)
      if (step.index === step.count - 1) {
        for (const seed of step.seeds) shown.add(seed)
        if (!options.space) bank?.add(endsOf({ ...seen, ...shielded }, unplaced))
      }
      return joined(own, shielded)
    },
  }
}

/**
 * Last predictions of the pictures that have a place. With a space finished pictures are kept in their stead,
 * which other shields may have moved since.
 */
const endsOf = (
  { prediction, seeds }: Pick<DenoisingStep, 'prediction' | 'seeds'>,
  unplaced: Drawing['unplaced'],
): readonly Float64Array[] =>
  rowsOf(prediction).filter((_, row) => !unplaced.has(seeds[row] ?? row))

const joined = (
  one: DenoisingAdjustment | undefined,
  other: DenoisingAdjustment | undefined,
): DenoisingAdjustment | undefined =>
  one === undefined || other === undefined ? (one ?? other) : { ...one, ...other }

/** Why a picture is not given out; null for one that may be. */
function reasonToReject(
  drawn: GeneratedImage,
  {
    comparison: { distance, misfit },
    drawing: { shown, unplaced },
    options: { preset, space, radius },
  }: {
    readonly comparison: FinishedComparison
    readonly drawing: Drawing
    readonly options: ShieldGeneratorOptions
  },
): string | null {
  if (drawn.outcome === 'rejected') return drawn.reason
  const failure = unplaced.get(drawn.seed) ?? misfit
  if (failure !== null || preset !== 'protect') return failure
  if (!shown.has(drawn.seed)) {
    return 'The generator did not show the shield its last prediction of this picture.'
  }
  if (distance === null) return null
  return `The finished picture is ${distance} from a protected one in ${space?.name}, within the radius of ${radius}.`
}

const pictureOf = (shield: Shield | null, seed: number): ShieldedPicture =>
  shield?.pictures.find((picture) => picture.seed === seed) ?? unseenPicture(seed)
