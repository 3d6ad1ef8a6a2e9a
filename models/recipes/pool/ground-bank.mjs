// The bank that the pool is drawn from: the built-in bank's pictures of the pool's concepts, once on each ground.
import { createPictureBank, readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { bank as folder } from '../../tiny-world/index.js'

/** Grounds of the pool as RGB, with the names and colours that the tiny CLIP was trained on. */
export const GROUNDS = {
  white: [255, 255, 255],
  yellow: [250, 215, 50],
  green: [60, 170, 75],
  blue: [50, 100, 220],
}

const AROUND = [-1, 0, 1].flatMap((right) =>
  [-1, 0, 1].filter((down) => right !== 0 || down !== 0).map((down) => [right, down]),
)

/** From this level on in every channel, a pixel that is joined to the edge is ground. */
const NEARLY_WHITE = 250

/**
 * Captions say concept and ground ("frog on a blue background"), so that a prompt's words choose the picture;
 * there are no tags and no text encoder: no runtime's rounding decides which pictures are meant.
 *
 * @param concepts names of the bank's pictures that are taken
 */
export async function groundBank(concepts) {
  const bank = await readPictureBank(folder)
  const neighbours = neighboursOf(bank.width, bank.height)
  const wanted = new Set(concepts)
  const pictures = bank.captions.flatMap(({ id, caption, style }, row) => {
    if (!wanted.has(caption)) return []
    const image = bankImage(bank, row)
    const opacity = opacityOf(image, neighbours)
    return Object.entries(GROUNDS).map(([ground, colour]) => ({
      id: `${id}/${ground}`,
      caption: captionOf(caption, ground),
      style,
      image: onGround(image, opacity, colour),
    }))
  })
  return createPictureBank({ pictures })
}

const captionOf = (concept, ground) => `${concept} on a ${ground} background`

/** Concept and ground of a caption. */
export function partsOf(caption) {
  const [concept, ground] = caption.split(' on a ')
  return { concept, ground: ground.replace(' background', '') }
}

/** A bank's picture, planes to pixels. */
export function bankImage({ width, height, pixels }, row) {
  const area = width * height
  const data = Uint8Array.from({ length: 3 * area }, (_, at) => {
    return pixels[(3 * row + (at % 3)) * area + Math.floor(at / 3)]
  })
  return { width, height, data }
}

/**
 * How much of each pixel is the object's, in [0, 1]. Ground (0) is what is nearly white and joined to the edge.
 * Pixels beside it are mixtures of white and the object, whose colour is taken to be the darkest near by.
 */
function opacityOf({ data }, neighbours) {
  const darkness = Uint8Array.from({ length: neighbours.length }, (_, pixel) => {
    return 255 - Math.min(data[3 * pixel], data[3 * pixel + 1], data[3 * pixel + 2])
  })
  const opacity = new Float64Array(darkness.length).fill(1)
  const edge = [...darkness.keys()].filter((pixel) => neighbours[pixel].length < 8)
  const open = edge.filter((pixel) => darkness[pixel] <= 255 - NEARLY_WHITE)
  for (const pixel of open) opacity[pixel] = 0
  while (open.length > 0) {
    for (const near of neighbours[open.pop()]) {
      if (opacity[near] === 0 || darkness[near] > 255 - NEARLY_WHITE) continue
      opacity[near] = 0
      open.push(near)
    }
  }
  const rim = [...darkness.keys()].filter(
    (pixel) => opacity[pixel] === 1 && neighbours[pixel].some((near) => opacity[near] === 0),
  )
  const partial = rim.map((pixel) => {
    const darkest = Math.max(darkness[pixel], ...neighbours[pixel].map((near) => darkness[near]))
    return darkness[pixel] / darkest
  })
  for (const [at, pixel] of rim.entries()) opacity[pixel] = partial[at]
  return opacity
}

/** The up to eight pixels around each. */
const neighboursOf = (width, height) =>
  Array.from({ length: width * height }, (_, pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    const isInside = ([right, down]) =>
      x + right >= 0 && x + right < width && y + down >= 0 && y + down < height
    return AROUND.filter(isInside).map(([right, down]) => (y + down) * width + x + right)
  })

/** The picture with its white ground replaced: what shows of white becomes as much of the colour. */
function onGround({ width, height, data }, opacity, colour) {
  const painted = data.map((level, at) => {
    const ground = 1 - opacity[Math.floor(at / 3)]
    return Math.max(0, Math.round(level + ground * (colour[at % 3] - 255)))
  })
  return { width, height, data: painted }
}
