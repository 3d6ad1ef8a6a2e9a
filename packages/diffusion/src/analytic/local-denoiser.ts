import type { Denoiser, DenoiserCall } from '../sampling/denoiser.js'
import { assertWhole } from './assert-whole.js'
import { type Attribution, attributionOf } from './attribution.js'
import { Breather } from './breather.js'
import { observe } from './observation.js'
import type { PatchRoom } from './patch-logits.js'
import {
  type PatchSchedule,
  type PatchScheduleName,
  patchScheduleOf,
  patchSide,
} from './patch-schedule.js'
import type { PictureBank } from './picture-bank.js'
import { patchRoom, pixelPosterior } from './pixel-posterior.js'
import { memberReader, type PriorMembers } from './prior-members.js'
import { type ShiftedPictures, shiftedPictures } from './shifted-pictures.js'

/** What the local denoiser weighs. */
export interface LocalDenoiserOptions {
  readonly bank: PictureBank
  /** Sides of the patches by noise level, which say how original it is. Default: `default` */
  readonly patches?: PatchSchedule | PatchScheduleName
  /** Pictures it works with, the best by prior. Default: 24 */
  readonly pictures?: number
  /** Pixels by which a picture may be moved in each direction. Default: 1 */
  readonly shift?: number
}

/**
 * The ideal denoiser confined to patches, which composes new pictures: every pixel q is the mean of the
 * pixels at q of the pictures y_j, each also moved by up to `shift` pixels, weighted by how well the
 * patch Q around q fits: sum_j w_j y_j(q), w = softmax_j(log p_j - |x_Q - a y_jQ|^2 / (2 s^2)).
 * Patches are small where there is little noise. After the local score machines of Kamb and Ganguli
 * 2024, "An analytic theory of creativity in convolutional diffusion models"; here patches move by
 * `shift` pixels at most, and the pictures have a prior. A patch ends where the picture ends, and a
 * moved picture repeats its edge. In float64.
 *
 * The condition is a log prior over the bank, as `AnalyticGenerator.prior` gives it; null means all
 * alike. The guidance scale is the power to which the prior is taken. Each row's attachment is its
 * {@link Attribution}: the mean of the weights over pixels, those of all shifts together.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a schedule, number or shift that cannot be
 */
export function localDenoiser(options: LocalDenoiserOptions): Denoiser {
  const { bank, patches = 'default', pictures: limit = 24, shift = 1 } = options
  const { width, height, captions } = bank
  const schedule = patchScheduleOf(patches)
  assertWhole('pictures', limit, 1)
  assertWhole('shift', shift, 0)
  const membersOf = memberReader({ pictures: captions.length, mass: 1, limit })
  const shiftedOf = lastOf((members: PriorMembers) => shiftedPictures(bank, members.rows, shift))
  const rooms = new Rooms()
  return {
    shape: [3, height, width],
    async predict(call) {
      const breather = new Breather()
      await breather.take()
      const members = membersOf(call)
      const ids = members.rows.map((row) => captions[row]!.id)
      const pictures = shiftedOf(members)
      const reach = (patchSide(schedule, relativeNoise(call)) - 1) / 2
      const clean = new Float32Array(call.state.length)
      const attachments: Attribution[] = []
      const room = rooms.take(pictures)
      for (let row = 0; row < call.rows; row++) {
        const { logPrior } = members
        const observation = observe(call, row)
        const weighing = { pictures, logPrior, observation, reach, breather, room }
        const mixture = await pixelPosterior(weighing)
        clean.set(mixture.clean, row * mixture.clean.length)
        attachments.push(attributionOf(ids, mixture.shares))
      }
      rooms.give(room)
      return { clean, attachments }
    },
  }
}

/** Keeps one room: fresh memory at each model call would cost as much as what is done with it. */
class Rooms {
  #spare: PatchRoom | null = null

  take(pictures: ShiftedPictures): PatchRoom {
    const room = this.#spare
    this.#spare = null
    const { count, starts, width, height } = pictures
    const fits = room?.weights.length === count * starts.length * width * height
    return fits ? room : patchRoom(pictures)
  }

  give(room: PatchRoom): void {
    this.#spare = room
  }
}

const relativeNoise = ({ signalCoefficient, noiseCoefficient }: DenoiserCall): number =>
  noiseCoefficient / (signalCoefficient + noiseCoefficient)

/** The function, remembering its last result. */
function lastOf<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  let last: { readonly key: Key; readonly value: Value } | null = null
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) }
    return last.value
  }
}
