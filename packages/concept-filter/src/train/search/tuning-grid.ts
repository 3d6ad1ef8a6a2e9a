import type { TuningObjective, TuningSettings } from '../tuning-settings.js'

/** Values to try, each with each. */
export interface TuningGrid {
  /** Default: `decision` at a sharpness of .1 and of 1. */
  readonly objectives?: readonly TuningObjective[]
  /** Default: .1, 1, 10. */
  readonly anchors?: readonly number[]
  /** In degrees. Default: 25. */
  readonly angleCaps?: readonly number[]
  /** Default: 100. */
  readonly steps?: readonly number[]
}

const decisions: readonly TuningObjective[] = [
  { kind: 'decision', sharpness: 0.1 },
  { kind: 'decision', sharpness: 1 },
]

/** Every combination of a grid's values, those that hold vectors tightest first. */
export function tuningGrid(grid: TuningGrid = {}): readonly TuningSettings[] {
  const { objectives = decisions, anchors = [0.1, 1, 10], angleCaps = [25], steps = [100] } = grid
  const ordered = (values: readonly number[]) => [...values].sort((one, other) => one - other)
  return objectives.flatMap((objective) =>
    ordered(anchors)
      .reverse()
      .flatMap((anchor) =>
        ordered(angleCaps).flatMap((angleCap) =>
          ordered(steps).map((step) => ({ objective, anchor, angleCap, steps: step })),
        ),
      ),
  )
}
