import { createRandom, type Engine, type EngineSession } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { tinyClip, tinyClipGradients } from '@assay/tiny-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { animalFilter, demoPictures, tinyClipScaling } from '../__fixtures__/tiny-world.js'
import { toFloatImage } from '../pixels/float-image.js'
import { createOnnxGradients } from './onnx-gradients.js'
import { pgdAttack } from './pgd-attack.js'

let engine: Engine
let session: EngineSession
let filter: ReturnType<typeof animalFilter>

beforeAll(async () => {
  engine = createEngine({ threads: 1 })
  session = await engine.open({ path: tinyClipGradients })
  filter = animalFilter()
})

afterAll(() => engine.close())

describe("the tiny CLIP's picture tower with its gradient", () => {
  it('embeds as the picture tower alone does', async () => {
    const tower = await engine.open({ path: `${tinyClip}/onnx/vision_model.onnx` })
    const random = createRandom('pixels')
    const data = Float32Array.from({ length: 2 * 3 * 64 * 64 }, () => 2 * random.uniform() - 1)
    const pixels = { type: 'float32', dims: [2, 3, 64, 64], data } as const
    const cotangent = { type: 'float32', dims: [2, 192], data: new Float32Array(2 * 192) } as const
    const [one, other] = await Promise.all([
      session.run({ pixel_values: pixels, cotangent }, { outputs: ['image_embeds'] }),
      tower.run({ pixel_values: pixels }),
    ])
    const [found, wanted] = [one, other].map(({ image_embeds }) =>
      Float32Array.from(image_embeds?.data as Float32Array),
    )
    expect(found).toHaveLength(2 * 192)
    const scale = Math.max(...(wanted ?? []).map(Math.abs))
    found?.forEach((value, at) => {
      expect(Math.abs(value - wanted![at]!)).toBeLessThan(1e-5 * scale)
    })
  })

  it('has the gradient that central differences have', async () => {
    const gradients = createOnnxGradients({ session, filter, ...tinyClipScaling })
    const [picture] = await demoPictures('animals and nature', 1)
    // Off the white ground, where ties of the network's maxima have no gradient.
    const random = createRandom('ground')
    const image = toFloatImage(picture!.image)
    const data = image.data.map((value) => 0.1 + 0.8 * value + 0.02 * random.normal())
    const { gradient } = await gradients.scoreAndGradient({ ...image, data })
    const length = Math.hypot(...gradient)
    const directions = [gradient.map((value) => value / length)]
    for (let at = 0; at < 4; at += 1) {
      const noise = gradient.map(() => random.normal() / Math.sqrt(gradient.length))
      directions.push(noise.map((value, i) => value + 0.3 * directions[0]![i]!))
    }
    for (const direction of directions) {
      const along = gradient.reduce((sum, value, at) => sum + value * direction[at]!, 0)
      const score = async (step: number) => {
        const moved = data.map((value, at) => value + step * direction[at]!)
        return (await gradients.scoreAndGradient({ ...image, data: moved })).score
      }
      const difference = ((await score(0.01)) - (await score(-0.01))) / 0.02
      expect(Math.abs(difference - along)).toBeLessThan(0.03 * length)
    }
  })

  it('refuses pictures of another size', async () => {
    const gradients = createOnnxGradients({ session, filter, ...tinyClipScaling })
    const picture = { width: 32, height: 32, data: new Float64Array(32 * 32 * 3) }
    await expect(gradients.scoreAndGradient(picture)).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    })
  })
})

describe('white-box PGD on the undefended tiny CLIP', () => {
  it('changes at least 95 % of decisions within 8 / 255, in pictures that 8-bit files hold', async () => {
    const gradients = createOnnxGradients({ session, filter, ...tinyClipScaling })
    const pictures = [
      ...(await demoPictures('animals and nature', 20)),
      ...(await demoPictures('food and drink', 20)),
    ]
    let changed = 0
    for (const { image } of pictures) {
      const result = await pgdAttack({
        picture: toFloatImage(image),
        gradients,
        norm: 'linf',
        radius: 8 / 255,
        eightBit: true,
        refinements: 0,
      })
      if (result.success) changed += 1
      expect(result.distance ?? 0).toBeLessThanOrEqual(8 / 255 + 1e-9)
    }
    expect(changed / pictures.length).toBeGreaterThanOrEqual(0.95)
  })
})
