import { AssayError, createRandom, type DenoisingHook, type DenoisingStep } from '@assay/core'
import { type AnnealConditionOptions, annealCondition } from './anneal-condition.js'

/** How much noise the condition gets, and until when. */
export interface ConditionAnnealingOptions {
  /**
   * τ1 and τ2, times from 1 (pure noise) to 0 (the picture), 0 <= τ1 <= τ2 <= 1: the condition is noise
   * down to τ2, itself from τ1 on, and a mixture in between. Default: [0.6, 0.9]
   */
  readonly times?: readonly [number, number]
  /** s: standard deviation of the noise, above 0, in the condition's own unit. Default: 0.25 */
  readonly scale?: number
  /**
   * ψ: share, from 0 to 1, of the noisy condition that is brought back to mean and spread of the clean one.
   * Default: 1
   */
  readonly mixing?: number
}

/**
 * Condition-annealed sampling (CADS): noise in the condition while the picture is hardly begun, so that
 * pictures of one prompt begin further apart. At time t the share of its power that the condition y keeps
 * is γ = 1 for t <= τ1, 0 for t >= τ2, (τ2 - t) / (τ2 - τ1) between, and it becomes
 *
 *     ŷ = sqrt(γ) y + s sqrt(1 - γ) n,
 *
 * n fresh standard normal noise at every call; then mean and spread are brought back to those of y, by the
 * share ψ. The time of call i of N is 1 - i / N. Noise depends on the picture's seed and the call, never
 * on the batch.
 *
 * A hook speaks of the next call: the first one, where the state holds no picture yet, has the clean
 * condition. Of a guided prediction only the prompt's part gets noise. A second condition that the
 * sampler does not show (the pooled one of SDXL and SD3) stays clean.
 *
 * @throws AssayError `INVALID_ARGUMENT` (options); from the hook `MISSING_INPUT` where there is no
 *   condition, `SHAPE_MISMATCH` for one that is not float32 with a row a picture (the analytic generators
 *   have a log prior over their bank, which is no place for noise), `INVALID_ARGUMENT` where somebody
 *   else replaced it meanwhile
 *
 * Source: Sadat et al. 2024, "CADS: Unleashing the Diversity of Diffusion Models through
 * Condition-Annealed Sampling", section 3.1; the defaults are those in use for Stable Diffusion.
 */
export function conditionAnnealing(options: ConditionAnnealingOptions = {}): DenoisingHook {
  const { times = [0.6, 0.9], scale = 0.25, mixing = 1 } = options
  assertOptions({ times, scale, mixing })
  const clean = new WeakMap<Condition, Condition>()
  return (step) => {
    const given = conditionOf(step)
    if (step.index === 0) clean.set(given, given)
    const original = clean.get(given)
    if (original === undefined) throw replaced(step.index)
    const next = step.index + 1
    if (next >= step.count) return undefined
    const kept = cleanShare(1 - next / step.count, times)
    if (kept === 1) return given === original ? undefined : { condition: original }
    const condition = noisy(original, step.seeds, { call: next, kept, scale, mixing })
    clean.set(condition, original)
    return { condition }
  }
}

/** A condition that noise can be put into. */
interface Condition {
  readonly type: 'float32'
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** γ. */
function cleanShare(time: number, [low, high]: readonly [number, number]): number {
  if (time <= low) return 1
  return time >= high ? 0 : (high - time) / (high - low)
}

interface NoiseOptions extends AnnealConditionOptions {
  /** Model call that it is for. */
  readonly call: number
}

function noisy(
  { dims, data }: Condition,
  seeds: readonly number[],
  { call, ...options }: NoiseOptions,
): Condition {
  const length = data.length / seeds.length
  const annealed = new Float32Array(data.length)
  for (const [row, seed] of seeds.entries()) {
    const { normal } = createRandom(seed).fork(`noise of the condition at call ${call}`)
    const noise = Float64Array.from({ length }, normal)
    const clean = data.subarray(row * length, (row + 1) * length)
    annealed.set(annealCondition(clean, noise, options), row * length)
  }
  return { type: 'float32', dims, data: annealed }
}

function conditionOf({ condition, seeds }: DenoisingStep): Condition {
  if (condition === null) {
    throw new AssayError({
      code: 'MISSING_INPUT',
      message: 'The generator has no condition that noise could be put into.',
      value: null,
      remedy: 'Use a generator that is told its prompt by a tensor, for instance an ONNX pipeline.',
    })
  }
  if (condition.type === 'float32' && condition.dims[0] === seeds.length) return condition
  const got = `${condition.type} [${condition.dims}]`
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `Noise belongs into a float32 condition with ${seeds.length} rows, one a picture; this one is ${got}.`,
    value: got,
    remedy:
      'Use a generator whose condition is an embedding of the prompt; a prior over a bank is none.',
  })
}

const replaced = (index: number) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The condition at model call ${index} is neither the prompt's nor one that was annealed.`,
    value: index,
    remedy: 'Let no other hook or wrapper replace or copy the condition in the same run.',
  })

function assertOptions({ times, scale, mixing }: Required<ConditionAnnealingOptions>): void {
  const [low, high] = times
  const wrong =
    (!(low >= 0 && low <= high && high <= 1) && ['times', times]) ||
    (!(scale > 0 && Number.isFinite(scale)) && ['scale', scale]) ||
    (!(mixing >= 0 && mixing <= 1) && ['mixing', mixing])
  if (!wrong) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${wrong[0]} of condition annealing cannot be ${wrong[1]}.`,
    value: wrong[1],
    remedy: 'Give times 0 <= τ1 <= τ2 <= 1, a scale above 0 and a mixing from 0 to 1.',
  })
}
