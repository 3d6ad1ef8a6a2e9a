import { float32 } from './precision.js'
import { sampleIn } from './sample-in.js'
import type { SampleOptions, SampleResult } from './sample-options.js'

/**
 * Draws one batch of pictures: calls the denoiser at every model call of the schedule, clips, asks
 * the hook, and moves on. A picture's noise depends on its seed only, never on the batch.
 *
 * @throws AssayError `EMPTY_INPUT` without a seed; `SHAPE_MISMATCH` for a prediction of another form;
 *   `NOT_FINITE` for a prediction that is no number, with the model call and the sample; `ABORTED`
 */
export const sample = (options: SampleOptions): Promise<SampleResult> => sampleIn(float32, options)
