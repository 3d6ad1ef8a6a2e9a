import { resolve } from 'node:path'
import type { ImageGenerator, ItemFailure, Progress } from '@assay/core'
import { openGenerationFolder } from './generation-folder.js'
import { generationPlan } from './generation-plan.js'
import { GenerationRun } from './generation-run.js'
import type { PictureRequest } from './picture-request.js'
import type { PictureRow, RejectedRow } from './picture-row.js'

/** Pictures to draw, and where to. */
export interface WritePicturesOptions {
  readonly generator: ImageGenerator
  /** At least one. Picture i of a request has the seed `seed + i`. */
  readonly requests: readonly PictureRequest[]
  /** Folder of the pictures: empty, absent, or one that the same call has begun. */
  readonly folder: string
  /** Told of every picture. */
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** What stands in a folder of generated pictures. */
export interface WrittenPictures {
  /** Absolute path. */
  readonly folder: string
  /** Hash of the generator's id and fingerprint and of all requests. */
  readonly plan: string
  /** In the order of the requests and their seeds, as in `metadata.jsonl`. */
  readonly pictures: readonly PictureRow[]
  /** What the generator refused to draw, as in `rejected.jsonl`: an outcome, not a failure. */
  readonly rejected: readonly RejectedRow[]
  /** Pictures that could not be drawn; the same call tries them again. */
  readonly failures: readonly ItemFailure[]
  /** Pictures and refusals that this call added; the others were there. */
  readonly added: number
}

/**
 * Draws pictures into a folder, as a picture set that `readPictureSet` of `@assay/embed` reads:
 *
 * - `PROMPT-SEED.png` each, lossless, or the very file that a service sent;
 * - `metadata.jsonl`, a {@link PictureRow} a line; `rejected.jsonl`, a {@link RejectedRow} a line, where
 *   the generator refused something;
 * - `generation.json`, the plan, and `generation.jsonl`, what is finished.
 *
 * Every file is written whole or not at all. Called again with the same generator and requests, it draws
 * only what is missing: what an aborted or killed run left, what failed, and pictures that somebody
 * removed or changed. `metadata.jsonl` is written at the end of a run, also of an aborted or failed one.
 *
 * A picture that cannot be drawn is a failure in the result. A run ends where all pictures would fail:
 * where nothing at all could be drawn, with the first failure; after three failures of network or engine
 * one after the other; and for errors of configuration, model and storage.
 *
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT`, `NOT_FINITE`, `DUPLICATE_ID`, `LIMIT_EXCEEDED`;
 *   `RUN_MISMATCH` for a folder of other pictures; `LOCKED`, `FILE_WRITE_FAILED`, `JOURNAL_CORRUPT`;
 *   `ABORTED`; and what the generator throws
 */
export async function writePictures(options: WritePicturesOptions): Promise<WrittenPictures> {
  const plan = generationPlan(options.generator, options.requests)
  const path = resolve(options.folder)
  const folder = await openGenerationFolder(path, plan)
  try {
    const run = new GenerationRun({ ...options, plan, folder })
    try {
      await run.draw()
    } finally {
      await run.writeRows()
    }
    return { folder: path, plan: plan.id, ...run.result() }
  } finally {
    await folder.close()
  }
}
