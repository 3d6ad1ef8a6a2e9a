import { AssayError } from '../errors/assay-error.js'
import { fnv1a64 } from './fnv-1a-64.js'
import type { Random } from './random.js'
import { splitMix64 } from './split-mix-64.js'
import { standardNormal } from './standard-normal.js'
import { xoshiro128 } from './xoshiro-128.js'

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

function generator(seed: bigint): () => number {
  const [low = 0n, high = 0n] = splitMix64(seed, 2)
  const bits = (word: bigint, from: bigint) => Number(BigInt.asUintN(32, word >> from))
  return xoshiro128([bits(low, 0n), bits(low, 32n), bits(high, 0n), bits(high, 32n)])
}

function streamOf(seed: bigint): Random {
  const next = generator(seed)
  const wholeNumber = () => (next() >>> 5) * 2 ** 26 + (next() >>> 6)
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
  return { uniform, normal: standardNormal(uniform), integer, shuffle, fork }
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
