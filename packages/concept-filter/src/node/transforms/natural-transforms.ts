import type { RgbImage } from '@assay/core'
import type { PictureTransform } from '../../attacks/transforms/picture-transform.js'
import { gaussianBlur } from './gaussian-blur.js'
import { loadSharp, openPixels, readPixels } from './picture-sharp.js'

/** Changes every channel value by itself. */
function mapValues(image: RgbImage, map: (value: number) => number): RgbImage {
  const data = image.data.map((value) => Math.min(255, Math.max(0, Math.round(map(value)))))
  return { ...image, data }
}

/** A rectangle of the picture, scaled to its whole size. */
async function zoom(
  image: RgbImage,
  box: { left: number; top: number; width: number; height: number },
) {
  const pipeline = (await openPixels(image)).extract(box)
  return readPixels(pipeline.resize(image.width, image.height, { fit: 'fill', kernel: 'cubic' }))
}

/** Width and height of the part of a picture that is kept, in whole pixels. */
const kept = ({ width, height }: RgbImage, percent: number) => ({
  width: Math.max(1, Math.round((width * percent) / 100)),
  height: Math.max(1, Math.round((height * percent) / 100)),
})

const jpeg: PictureTransform = {
  id: 'jpeg-compression',
  unit: 'quality',
  severities: [95, 75, 50, 30, 10],
  async apply(image, quality) {
    const sharp = await loadSharp()
    return readPixels(sharp(await (await openPixels(image)).jpeg({ quality }).toBuffer()))
  },
}

const blur: PictureTransform = {
  id: 'gaussian-blur',
  unit: 'sigma in pixels',
  severities: [0.5, 1, 2, 4],
  apply: gaussianBlur,
}

const centreCrop: PictureTransform = {
  id: 'centre-crop',
  unit: 'percent of each side kept',
  severities: [95, 90, 80, 70, 60],
  apply(image, percent) {
    const size = kept(image, percent)
    const left = Math.floor((image.width - size.width) / 2)
    return zoom(image, { ...size, left, top: Math.floor((image.height - size.height) / 2) })
  },
}

const randomCrop: PictureTransform = {
  id: 'random-crop',
  unit: 'percent of each side kept',
  severities: [95, 90, 80, 70, 60],
  apply(image, percent, random) {
    const size = kept(image, percent)
    const left = random.integer(image.width - size.width + 1)
    return zoom(image, { ...size, left, top: random.integer(image.height - size.height + 1) })
  },
}

const resize: PictureTransform = {
  id: 'resize-and-back',
  unit: 'percent of each side',
  severities: [75, 50, 25],
  async apply(image, percent) {
    const { width, height } = kept(image, percent)
    // Two pipelines: sharp keeps only the last size of one.
    const small = await readPixels((await openPixels(image)).resize(width, height, { fit: 'fill' }))
    return readPixels((await openPixels(small)).resize(image.width, image.height, { fit: 'fill' }))
  },
}

const noise: PictureTransform = {
  id: 'gaussian-noise',
  unit: 'sigma in 255ths',
  severities: [2, 4, 8, 16],
  apply: (image, sigma, random) => mapValues(image, (value) => value + sigma * random.normal()),
}

const brightness: PictureTransform = {
  id: 'brightness',
  unit: 'percent',
  severities: [80, 90, 110, 120],
  apply: (image, percent) => mapValues(image, (value) => (value * percent) / 100),
}

const contrast: PictureTransform = {
  id: 'contrast',
  unit: 'percent',
  severities: [80, 90, 110, 120],
  apply: (image, percent) => mapValues(image, (value) => 127.5 + ((value - 127.5) * percent) / 100),
}

const mirror: PictureTransform = {
  id: 'mirror',
  unit: 'times',
  severities: [1],
  apply: async (image) => readPixels((await openPixels(image)).flop()),
}

const grey: PictureTransform = {
  id: 'grey',
  unit: 'percent of colour taken',
  severities: [50, 100],
  apply({ width, height, data }, percent) {
    // Luma of ITU-R BT.601, on the values as they are stored.
    const weights = [0.299, 0.587, 0.114]
    const luma = (pixel: number) =>
      weights.reduce((sum, weight, colour) => sum + weight * data[pixel * 3 + colour]!, 0)
    const share = percent / 100
    const faded = data.map((value, at) =>
      Math.round(value + share * (luma(Math.floor(at / 3)) - value)),
    )
    return { width, height, data: faded }
  },
}

const rotation: PictureTransform = {
  id: 'rotation',
  unit: 'degrees',
  severities: [-5, -2, 2, 5],
  async apply(image, degrees) {
    const { data } = image
    // The corners that turn in take the colour of the picture's own.
    const background = { r: data[0]!, g: data[1]!, b: data[2]! }
    const turned = await readPixels((await openPixels(image)).rotate(degrees, { background }))
    const left = Math.floor((turned.width - image.width) / 2)
    const top = Math.floor((turned.height - image.height) / 2)
    const { width, height } = image
    return readPixels((await openPixels(turned)).extract({ left, top, width, height }))
  },
}

/**
 * What happens to pictures on their way through the world: compression, blur, crops, resizing and back,
 * noise, brightness and contrast, mirroring, loss of colour, small rotations. Sizes stay.
 *
 * @throws AssayError from `apply`: `ENGINE_UNAVAILABLE` without sharp
 */
export const naturalTransforms: readonly PictureTransform[] = [
  jpeg,
  blur,
  centreCrop,
  randomCrop,
  resize,
  noise,
  brightness,
  contrast,
  mirror,
  grey,
  rotation,
]
