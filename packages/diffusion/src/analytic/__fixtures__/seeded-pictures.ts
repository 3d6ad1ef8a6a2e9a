import { createRandom } from '@assay/core'
import type { BankPicture } from '../bank-pixels.js'

const captions = ['red apple', 'green apple', 'yellow banana', 'blue whale', 'apple tree', 'old bus']

/** Captioned pictures of noise on plain grounds, the same ones every time; two styles by turns. */
export function seededPictures(count: number, side = 6): BankPicture[] {
  const random = createRandom('seeded pictures')
  return Array.from({ length: count }, (_, at) => {
    const ground = [random.integer(256), random.integer(256), random.integer(256)]
    const data = Uint8Array.from({ length: 3 * side * side }, (_, byte) =>
      Math.min(255, Math.max(0, ground[byte % 3]! + random.integer(121) - 60)),
    )
    return {
      id: `picture-${at}`,
      caption: captions[at % captions.length]!,
      style: at % 2 === 0 ? 'noto' : 'flat',
      tags: at % 3 === 0 ? ['fruit', 'round'] : ['thing'],
      image: { width: side, height: side, data },
    }
  })
}
