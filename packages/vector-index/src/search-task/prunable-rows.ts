import { createRandom } from '@assay/core'
import type { TaskContext } from '@assay/tensor'
import { makeCells, type PlannedCells } from './cells/make-cells.js'
import { reorderRows } from './cells/reorder-rows.js'
import { measureRoads } from './cells/road-costs.js'
import { RoadExperience } from './cells/road-experience.js'
import type { PrunableRows } from './search-pruned.js'
import type { SearchableRows } from './search-rows.js'
import { emptySurvey, surveyWindow } from './survey-rows.js'

/** How rows are put into cells, and what for. */
export interface Pruning {
  /** Number of cells. */
  readonly cells: number
  readonly seed: number
  /** Whether cells are made with the task, or else when searches by radius have come to need them. */
  readonly eager: boolean
  /** Whether every search by radius uses them, or else only where that is quicker than a scan. */
  readonly always: boolean
}

/**
 * Puts rows in memory into cells and, where a choice is left, measures what the roads cost. Aborted, it
 * leaves rows as they stood.
 */
export async function makePrunable(
  context: Pick<TaskContext, 'openSession'>,
  searchable: SearchableRows,
  { data, pruning, signal }: { data: Float32Array; pruning: Pruning; signal: AbortSignal },
): Promise<PrunableRows> {
  const { columns, reaches } = searchable
  const rows = data.length / columns
  const planned = await makeCells(
    context,
    { ...searchable, data, rows },
    {
      count: pruning.cells,
      random: createRandom(pruning.seed),
      reach: reaches.reduce((most, reach) => Math.max(most, reach), 0),
      signal,
    },
  )
  const roads = pruning.always
    ? null
    : new RoadExperience(await measureRoads(searchable, { data, signal }))
  return moveIntoCells(searchable, planned, { data, roads })
}

/** Moves the rows; from the first move on nothing can fail, or results would name wrong rows. */
function moveIntoCells(
  searchable: SearchableRows,
  { cells, numbers }: PlannedCells,
  { data, roads }: Pick<PrunableRows, 'data' | 'roads'>,
): PrunableRows {
  const { metric, columns } = searchable
  const survey = emptySurvey(numbers.length, metric)
  reorderRows(data, columns, numbers)
  surveyWindow(survey, { start: 0, rows: numbers.length, data }, { columns, metric })
  return { ...searchable, ...survey, numbers, data, cells, roads }
}
