import type { TuningObjective, TuningSettings } from '@assay/concept-filter/train'
import { AssayError } from '@assay/core'
import { decimalNumber, wholeNumber } from '../flag-values.js'

/** Flags that say how a pair is tuned. */
export interface TuningFlags {
  readonly objective: string
  readonly anchor?: string
  readonly angleCap: string
  readonly steps: string
}

const kinds = ['decision', 'paper-con', 'paper-noncon', 'released-text-separation'] as const

/** Settings of tuning from flags. @throws AssayError `CONFIG_INVALID` */
export function tuningSettings({
  objective,
  anchor,
  angleCap,
  steps,
}: TuningFlags): TuningSettings & { readonly objective: TuningObjective } {
  return {
    objective: { kind: kindOf(objective) },
    ...(anchor !== undefined && { anchor: decimalNumber('--anchor', anchor) }),
    angleCap: decimalNumber('--angle-cap', angleCap),
    steps: wholeNumber('--steps', steps),
  }
}

function kindOf(name: string): TuningObjective['kind'] {
  const kind = kinds.find((each) => each === name)
  if (kind !== undefined) return kind
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `--objective ${name} is no objective of tuning.`,
    value: name,
    remedy: `Give one of ${kinds.join(', ')}.`,
  })
}
