import { AssayError } from '../errors/assay-error.js'
import { fnv1a64 } from './fnv-1a-64.js'
import type { Random } from './random.js'
import { splitMix64 } from './split-mix-64.js'
import { standardNormal } from './standard-normal.js'
import { type XoshiroState, xoshiro128 } from './xoshiro-128.js'

const range = 2 ** 53

function seedWord(seed: number | string): bigint {
  if (typeof seed === 'string') return fnv1a64(seed)
  if (Number.isSafeInteger(seed)) return BigInt.asUintN(64, BigInt(seed))
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `A seed must be a whole number or a text, got ${seed}.`,
    value: seed,
    remedy: 'Pass a whole number between -(2^53 - 1) and 2^53 - 1, or any text.',
  })
}

function startOf(seed: bigint): XoshiroState {
  const [low = 0n, high = 0n] = splitMix64(seed, 2)
  const word = (bits: bigint) => Number(BigInt.asIntN(32, bits))
  return { a: word(low), b: word(low >> 32n), c: word(high), d: word(high >> 32n) }
}

function streamOf(seed: bigint): Random {
  const state = startOf(seed)
  const wholeNumber = () => (xoshiro128(state) >>> 5) * 2 ** 26 + (xoshiro128(state) >>> 6)
  const uniform = () => wholeNumber() / range

  function integer(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > range) {
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `The limit must be a whole number from 1 to 2^53, got ${limit}.`,
        value: limit,
        remedy: 'Pass how many different numbers may come out.',
      })
    }
    // Draws past the last whole multiple of the limit would favour small numbers.
    const fair = range - (range % limit)
    let drawn = wholeNumber()
    while (drawn >= fair) drawn = wholeNumber()
    return drawn % limit
  }

  function shuffle<Item>(items: readonly Item[]): Item[] {
    const rest = [...items]
    // Fisher–Yates, taking the picked item out of what is left.
    return items.map(() => {
      const picked = integer(rest.length)
      const last = rest.length - 1
      const item = rest[picked]!
      rest[picked] = rest[last]!
      rest.pop()
      return item
    })
  }

  const fork = (label: string) => streamOf(splitMix64(seed ^ fnv1a64(label), 1)[0]!)
  return { uniform, ...standardNormal(uniform), integer, shuffle, fork }
}

/**
 * A stream of random numbers: xoshiro128** whose state SplitMix64 fills from the seed. Equal seeds
 * give equal streams on every machine; a number and its text are different seeds.
 *
 * @param seed safe integer, or any text
 * @throws AssayError `INVALID_ARGUMENT` for another seed, and from `integer` for a limit outside
 *   [1, 2^53]
 */
export function createRandom(seed: number | string): Random {
  return streamOf(seedWord(seed))
}
