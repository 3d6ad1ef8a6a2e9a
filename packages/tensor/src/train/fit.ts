import { AssayError } from '@assay/core'
import type { FitOptions, FitResult } from './fit-options.js'
import { Trainer } from './trainer.js'
import { untilAborted } from './until-aborted.js'

/**
 * Fits parameters to batches by gradient descent. Loss, gradients and the optimizer's step are one ONNX
 * graph (`createTrainingGraph`), so that a step is one run of an engine, which keeps the caller's thread
 * free. The same parameters, batches, engine and number of threads give the same result, bit for bit.
 *
 * @throws AssayError `EMPTY_INPUT` without batches or parameters; `NOT_FINITE` where a loss or, at the
 *   end, a parameter is NaN or infinite; `ABORTED`; `MISSING_INPUT`, `INVALID_ARGUMENT`,
 *   `SHAPE_MISMATCH` or `EMPTY_INPUT` for a batch that differs from the first or has no rows; whatever
 *   `createTrainingGraph` and the engine throw, and what `loss`, `batches` and `onStep` throw
 */
export async function fit<Parameter extends string, Input extends string>(
  options: FitOptions<Parameter, Input>,
): Promise<FitResult<Parameter>> {
  const { batches, seed = 0, onStep, signal } = options
  const losses: number[] = []
  let trainer: Trainer<Parameter> | null = null
  let stopped = false
  const stop = () => {
    stopped = true
  }
  try {
    const source = typeof batches === 'function' ? batches(seed) : batches
    for await (const batch of untilAborted(source, signal)) {
      trainer ??= await Trainer.open(options, batch)
      const report = await trainer.step(batch)
      losses.push(report.loss)
      await onStep?.({ ...report, stop })
      if (stopped) break
    }
    if (!trainer) throw noBatch()
    return { parameters: trainer.parameters(), losses, stopped }
  } finally {
    await trainer?.close()
  }
}

function noBatch(): AssayError {
  return new AssayError({
    code: 'EMPTY_INPUT',
    message: 'There was no batch to learn from.',
    remedy: 'Give at least one; an iterator that is used up gives none.',
  })
}
