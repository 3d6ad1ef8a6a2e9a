// Which pictures the pool holds: a grid of concept, ground and style.
import { BROAD, DEEP, withArticle } from './concepts.mjs'
import { GROUNDS } from './ground-bank.mjs'

export const STYLES = ['noto', 'blob', 'twemoji', 'emojione', 'flat', 'glossy']
const grounds = Object.keys(GROUNDS)

/** Prompts of one concept with how many pictures each gets; null where the prompt does not say. */
const cells = ({ open, ground, styled }) => [
  { ground: null, style: null, count: open },
  ...grounds.map((name) => ({ ground: name, style: null, count: ground })),
  ...(styled === 0 ? [] : STYLES).flatMap((style) =>
    grounds.map((name) => ({ ground: name, style, count: styled })),
  ),
]

export const promptOf = (concept, { ground, style }) =>
  [
    style === null ? 'a picture of ' : `${withArticle(style)} style picture of `,
    withArticle(concept),
    ground === null ? '' : ` on a ${ground} background`,
  ].join('')

/**
 * 2,760 prompts with 20,480 pictures: 256 of each deep concept, 32 of each broad one. Seeds run through from 1, so
 * that no two pictures share their noise; a prompt's are `seed` to `seed + count - 1`.
 */
export function poolPrompts() {
  const deep = cells({ open: 16, ground: 54, styled: 1 })
  const broad = cells({ open: 4, ground: 7, styled: 0 })
  const all = [
    ...DEEP.flatMap((concept) => deep.map((cell) => ({ concept, ...cell }))),
    ...BROAD.flatMap((concept) => broad.map((cell) => ({ concept, ...cell }))),
  ]
  let seed = 1
  return all.map(({ concept, ground, style, count }) => {
    const first = seed
    seed += count
    const prompt = promptOf(concept, { ground, style })
    return { prompt, concept, ground, style, seed: first, count }
  })
}

export const poolConcepts = () => [...DEEP, ...BROAD]
