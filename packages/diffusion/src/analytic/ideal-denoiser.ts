import { AssayError } from '@assay/core'
import type { Denoiser } from '../sampling/denoiser.js'
import { type Attribution, attributionOf } from './attribution.js'
import { Breather } from './breather.js'
import { halfRange, type Observation, observe } from './observation.js'
import type { PictureBank } from './picture-bank.js'
import { memberReader, type PriorMembers } from './prior-members.js'
import { softmaxInPlace } from './softmax-in-place.js'

/** What the ideal denoiser weighs. */
export interface IdealDenoiserOptions {
  readonly bank: PictureBank
  /**
   * Share of the prior that is kept, in (0, 1]: the fewest pictures that hold it. What is drawn from
   * differs from the whole prior by at most 1 - mass (total variation). 1 keeps all. Default: 0.999
   */
  readonly priorMass?: number
}

/**
 * The denoiser that is best for a finite set of pictures: the posterior mean E[y | x] under their prior
 * p, for x = a y + s e with standard normal e:
 * sum_i w_i y_i, w = softmax_i(log p_i - |x - a y_i|^2 / (2 s^2)).
 * A sampler that ends at little noise draws nothing but the pictures themselves. Karras et al. 2022,
 * "Elucidating the design space of diffusion-based generative models", appendix B.3; Kamb and Ganguli
 * 2024, "An analytic theory of creativity in convolutional diffusion models". In float64.
 *
 * The condition is a log prior over the bank, as `AnalyticGenerator.prior` gives it; null means all alike.
 * The guidance scale is the power to which the prior is taken. Each row's attachment is its
 * {@link Attribution}.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a prior mass outside (0, 1]
 */
export function idealDenoiser({ bank, priorMass = 0.999 }: IdealDenoiserOptions): Denoiser {
  const { width, height, captions } = bank
  assertShare(priorMass)
  const pictures = captions.length
  const membersOf = memberReader({ pictures, mass: priorMass, limit: pictures })
  const length = 3 * width * height
  return {
    shape: [3, height, width],
    async predict(call) {
      const breather = new Breather()
      await breather.take()
      const members = membersOf(call)
      const ids = members.rows.map((row) => captions[row]!.id)
      const clean = new Float32Array(call.rows * length)
      const attachments: Attribution[] = []
      for (let row = 0; row < call.rows; row++) {
        const observation = observe(call, row)
        const weights = await memberWeights({ bank, members, observation, breather })
        clean.set(mixture(bank, members, weights), row * length)
        attachments.push(attributionOf(ids, weights))
      }
      return { clean, attachments }
    },
  }
}

function assertShare(priorMass: number): void {
  if (priorMass > 0 && priorMass <= 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The prior mass is ${priorMass}.`,
    value: priorMass,
    remedy: 'Pass a share above 0; 1 keeps all pictures.',
  })
}

interface WeightingOptions {
  readonly bank: PictureBank
  readonly members: PriorMembers
  readonly observation: Observation
  readonly breather: Breather
}

/** Posterior weights of the members, summing to 1. */
async function memberWeights(options: WeightingOptions): Promise<Float64Array> {
  const { bank, members, observation, breather } = options
  const { levels, precision } = observation
  const weights = new Float64Array(members.rows.length)
  for (const [member, row] of members.rows.entries()) {
    if (breather.due) await breather.take()
    const distance = precision && squaredDistance(levels, bank.pixels, row * levels.length)
    weights[member] = members.logPrior[member]! - precision * distance
  }
  softmaxInPlace(weights)
  return weights
}

/** Four sums side by side, which a processor adds at once. */
function squaredDistance(levels: Float64Array, pixels: Uint8Array, start: number): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = levels.length - (levels.length % 4)
  for (let at = 0; at < whole; at += 4) {
    const first = levels[at]! - pixels[start + at]!
    const second = levels[at + 1]! - pixels[start + at + 1]!
    const third = levels[at + 2]! - pixels[start + at + 2]!
    const fourth = levels[at + 3]! - pixels[start + at + 3]!
    a += first * first
    b += second * second
    c += third * third
    d += fourth * fourth
  }
  for (let at = whole; at < levels.length; at++) a += (levels[at]! - pixels[start + at]!) ** 2
  return a + b + (c + d)
}

/** The mean picture under the weights, in [-1, 1]. */
function mixture(bank: PictureBank, { rows }: PriorMembers, weights: Float64Array): Float64Array {
  const length = bank.pixels.length / bank.captions.length
  const mean = new Float64Array(length).fill(-1)
  for (const [member, row] of rows.entries()) {
    const factor = weights[member]! / halfRange
    if (factor === 0) continue
    const start = row * length
    for (let at = 0; at < length; at++) mean[at]! += factor * bank.pixels[start + at]!
  }
  return mean
}
