import {
  AssayError,
  type GeneratedImage,
  type ImageGenerator,
  type ItemFailure,
  itemFailure,
  type Progress,
} from '@assay/core'
import { drawPictures, type FailedPicture } from './draw-pictures.js'
import { finishPicture } from './finish-picture.js'
import { type GenerationFolder, pictureKey } from './generation-folder.js'
import type { GenerationPlan } from './generation-plan.js'
import { requestNames } from './picture-names.js'
import type { PictureRequest } from './picture-request.js'
import type { PictureRow, RejectedRow } from './picture-row.js'
import type { WrittenPictures } from './write-pictures.js'

/** Failures of network or engine one after the other that end a run: the others would fail, too. */
const failuresInARow = 3

/** What a run draws, where to, and by which plan. */
interface GenerationRunOptions {
  readonly generator: ImageGenerator
  readonly plan: GenerationPlan
  readonly folder: GenerationFolder
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** One run: what was there, and what it adds. */
export class GenerationRun {
  readonly #options: GenerationRunOptions
  readonly #names: readonly string[]
  readonly #total: number
  readonly #rows = new Map<string, PictureRow | RejectedRow>()
  readonly #failures: ItemFailure[] = []
  #firstError: AssayError | null = null
  #added = 0
  #inARow = 0
  #told = -1

  constructor(options: GenerationRunOptions) {
    const { requests } = options.plan
    this.#options = options
    this.#names = requestNames(requests.map(({ prompt }) => prompt))
    this.#total = requests.reduce((sum, { count }) => sum + count, 0)
    for (const { request, row } of options.folder.finished) {
      this.#rows.set(pictureKey(request, row.seed), row)
    }
  }

  async draw(): Promise<void> {
    const { generator, plan, signal } = this.#options
    this.#tell()
    for (const [index, request] of plan.requests.entries()) {
      const missing = seedsOf(request).filter((seed) => !this.#rows.has(pictureKey(index, seed)))
      const underWay = (pictures: number) => this.#tell(pictures)
      for await (const drawn of drawPictures({ generator, request, signal, underWay }, missing)) {
        if (drawn.outcome === 'failed') this.#fail(drawn)
        else await this.#keep(index, drawn)
        this.#tell()
      }
    }
    if (this.#rows.size === 0 && this.#firstError) throw this.#firstError
  }

  async #keep(index: number, drawn: GeneratedImage): Promise<void> {
    const { plan, folder } = this.#options
    const request = plan.requests[index]!
    try {
      const { row, file } = await finishPicture({ drawn, request, plan, name: this.#names[index]! })
      await folder.keep({ request: index, row }, file)
      this.#rows.set(pictureKey(index, drawn.seed), row)
      this.#added++
      this.#inARow = 0
    } catch (error) {
      const isOwn =
        AssayError.isInstance(error) &&
        ['CONFORMANCE_FAILED', 'LIMIT_EXCEEDED'].includes(error.code)
      if (!isOwn) throw error
      const failure = itemFailure(`${request.prompt} (seed ${drawn.seed})`, 'write', error)
      this.#fail({ outcome: 'failed', seed: drawn.seed, failure, error })
    }
  }

  #fail({ failure, error }: FailedPicture): void {
    this.#failures.push(failure)
    this.#firstError ??= error
    this.#inARow = error.kind === 'network' || error.kind === 'engine' ? this.#inARow + 1 : 0
    if (this.#inARow === failuresInARow) throw error
  }

  /** A picture under way counts as far as it is done, so that a slow batch shows a sign of life. */
  #tell(underWay = 0): void {
    const { progress = () => {}, generator } = this.#options
    const done = Math.floor(this.#rows.size + this.#failures.length + underWay)
    if (done <= this.#told) return
    this.#told = done
    progress({ task: `generate with ${generator.id}`, done, total: this.#total })
  }

  writeRows(): Promise<void> {
    return this.#options.folder.tell(this.result())
  }

  result(): Pick<WrittenPictures, 'pictures' | 'rejected' | 'failures' | 'added'> {
    const rows = this.#options.plan.requests.flatMap((request, index) =>
      seedsOf(request).flatMap((seed) => this.#rows.get(pictureKey(index, seed)) ?? []),
    )
    return {
      pictures: rows.filter((row) => row.outcome === 'image'),
      rejected: rows.filter((row) => row.outcome === 'rejected'),
      failures: this.#failures,
      added: this.#added,
    }
  }
}

const seedsOf = ({ seed, count }: PictureRequest): number[] =>
  Array.from({ length: count }, (_, index) => seed + index)
