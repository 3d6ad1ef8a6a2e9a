import type { AssayError, GeneratedImage, GenerationRequest, ImageGenerator } from '@assay/core'

/** What a fake does with a picture other than draw it. */
export type Deed = 'reject' | AssayError | ((request: GenerationRequest) => unknown)

/** A generator that records what it is asked for. */
export interface FakeGenerator extends ImageGenerator {
  readonly asked: { readonly prompt: string; readonly seeds: readonly number[] }[]
}

/** Plain colour of a prompt's picture, another for each seed. */
export const colourOf = (prompt: string, seed: number): readonly [number, number, number] => [
  (prompt.length * 37) % 256,
  (seed * 11) % 256,
  128,
]

const picture = (prompt: string, seed: number): GeneratedImage => ({
  outcome: 'image',
  seed,
  image: {
    width: 4,
    height: 2,
    data: Uint8Array.from({ length: 24 }, (_, at) => colourOf(prompt, seed)[at % 3]!),
  },
  metadata: { attribution: { shares: [{ id: `of ${prompt}`, share: 1 }] } },
})

/**
 * A generator of plain colours that does otherwise with some pictures, named by prompt and seed, for instance
 * `apple 3`.
 */
export function fakeGenerator(
  deeds: Readonly<Record<string, Deed>> = {},
  changes: Partial<ImageGenerator> = {},
): FakeGenerator {
  const asked: { prompt: string; seeds: number[] }[] = []
  return {
    specificationVersion: 1,
    id: 'test/colours',
    fingerprint: 'colours 1',
    async *generate(request) {
      const { prompt, seed: first, count } = request
      const seeds = Array.from({ length: count }, (_, index) => first + index)
      asked.push({ prompt, seeds })
      for (const seed of seeds) {
        const deed = deeds[`${prompt} ${seed}`]
        if (deed === 'reject') yield { outcome: 'rejected', seed, reason: 'against the rules' }
        else if (typeof deed === 'function') {
          const given = (await deed(request)) as GeneratedImage | undefined
          if (given) yield given
        } else if (deed) throw deed
        else yield picture(prompt, seed)
      }
    },
    ...changes,
    asked,
  }
}
