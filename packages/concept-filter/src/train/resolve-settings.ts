import { AssayError } from '@assay/core'
import type { ResolvedSettings, TuningSettings } from './tuning-settings.js'

/** Settings with their defaults, checked. @throws AssayError `INVALID_ARGUMENT` */
export function resolveSettings(settings: TuningSettings): ResolvedSettings {
  const { objective = { kind: 'decision' } } = settings
  const { anchor = objective.kind === 'decision' ? 1 : 0 } = settings
  const { angleCap = 25, steps = 100, groupWeights = 'by-size' } = settings
  assertSetting('anchor', anchor, anchor >= 0 && Number.isFinite(anchor))
  assertSetting('angleCap', angleCap, angleCap > 0 && angleCap <= 180)
  assertSetting('steps', steps, Number.isInteger(steps) && steps >= 1)
  if (typeof groupWeights === 'object') {
    for (const [group, weight] of Object.entries(groupWeights)) {
      assertSetting(`groupWeights.${group}`, weight, weight >= 0 && Number.isFinite(weight))
    }
  }
  if (objective.kind === 'decision') {
    const { sharpness = 0.1, separation = 0 } = objective
    assertSetting('sharpness', sharpness, sharpness > 0 && Number.isFinite(sharpness))
    assertSetting('separation', separation, separation >= 0 && Number.isFinite(separation))
  }
  if (objective.kind === 'paper-con') {
    const { batchSize = 10 } = objective
    assertSetting('batchSize', batchSize, Number.isInteger(batchSize) && batchSize >= 1)
  }
  return { objective, anchor, angleCap, steps, groupWeights }
}

function assertSetting(name: string, value: number, valid: boolean): void {
  if (valid) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The tuning setting "${name}" is out of range.`,
    value,
    remedy:
      'Anchors and weights are at least 0, the sharpness is above 0, an angle cap is above 0 and at most 180 degrees, steps and batches are whole numbers of at least 1.',
  })
}
