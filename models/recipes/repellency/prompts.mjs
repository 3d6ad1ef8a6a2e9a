// What the generators are asked, and which drawings of the bank a prompt means.
import { readFileSync } from 'node:fs'
import { DEEP, withArticle } from '../pool/concepts.mjs'

/** Pictures of a prompt: two batches of four. */
export const BATCHES = 2
export const BATCH = 4

/** Styles that the tiny diffusion was trained on; with its names they are its training set of 240. */
const DIFFUSION_STYLES = new Set(['noto', 'twemoji', 'flat', 'emojione'])

const NAMES = { composer: DEEP.slice(0, 32), 'tiny-diffusion': trainedNames() }

/** The 64 names, from the list that it was trained by. */
function trainedNames() {
  const recipe = readFileSync(new URL('../tiny_diffusion/concepts.py', import.meta.url), 'utf8')
  const [, text] = recipe.match(/^CONCEPTS = """([^"]*)"""/m)
  return text.trim().split(/,\s+/)
}

/** Prompts of a generator; each picture has a seed of its own, the same in every setting. */
export const promptsOf = (generator) =>
  NAMES[generator].map((name, at) => ({
    ...{ name, prompt: `a picture of ${withArticle(name)}`, seed: 1 + at * BATCHES * BATCH },
  }))

/** Rows of the bank that a generator's prompts mean: what it is compared with, and what `protect` keeps it from. */
export function referenceRows(bank, generator) {
  const names = new Set(NAMES[generator])
  const isMeant = ({ caption, style }) =>
    names.has(caption) && (generator === 'composer' || DIFFUSION_STYLES.has(style))
  return bank.captions.flatMap((each, row) => (isMeant(each) ? [{ row, name: each.caption }] : []))
}
