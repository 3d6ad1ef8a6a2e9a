// What a picture of the composer shows: how much of it is drawings of a pair's concepts.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bank } from '../../tiny-world/index.js'

/** From this share on a picture shows a concept. */
export const SHOWN = 0.5

/** Resolves to `shareOf(shares, names)`, the share of a picture that is drawings with one of these names. */
export async function openShares() {
  const text = await readFile(join(bank, 'pictures.jsonl'), 'utf8')
  const pictures = text.trim().split('\n').map(JSON.parse)
  const nameOf = new Map(pictures.map(({ id, name }) => [id, name]))
  return (shares, names) =>
    shares.reduce((sum, [id, share]) => sum + (names.includes(nameOf.get(id)) ? share : 0), 0)
}
