import type { Random } from './random.js'
import { standardNormal } from './standard-normal.js'

/**
 * The mulberry32 stream (Ettinger 2017) with Box–Muller normals, in which golden data sets are
 * written down. It has 32 bits of state: use `createRandom` for everything else.
 *
 * @param seed whole number; its lowest 32 bits count
 */
export function mulberry32(seed: number): Pick<Random, 'uniform' | 'normal'> {
  let state = seed | 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { uniform, normal: standardNormal(uniform).normal }
}
