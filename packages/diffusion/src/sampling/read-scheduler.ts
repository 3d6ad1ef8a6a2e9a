import { AssayError, closestName } from '@assay/core'
import { readDdim } from './samplers/ddim.js'
import { readDdpm } from './samplers/ddpm.js'
import { readDpmSolverMultistep } from './samplers/dpm-solver-multistep.js'
import { readEdmEuler } from './samplers/edm-euler.js'
import { readEuler } from './samplers/euler.js'
import { readEulerAncestral } from './samplers/euler-ancestral.js'
import { readFlowMatchEuler } from './samplers/flow-match-euler.js'
import { readHeun } from './samplers/heun.js'
import { readPndm } from './samplers/pndm.js'
import type { Scheduler } from './samplers/scheduler.js'
import type { ReadScheduler } from './samplers/scheduler-reader.js'

const readers: ReadonlyMap<string, ReadScheduler> = new Map([
  ['DDIMScheduler', readDdim],
  ['DDPMScheduler', readDdpm],
  ['DPMSolverMultistepScheduler', readDpmSolverMultistep],
  ['EDMEulerScheduler', readEdmEuler],
  ['EulerAncestralDiscreteScheduler', readEulerAncestral],
  ['EulerDiscreteScheduler', readEuler],
  ['FlowMatchEulerDiscreteScheduler', readFlowMatchEuler],
  ['HeunDiscreteScheduler', readHeun],
  ['PNDMScheduler', readPndm],
])

/**
 * Reads the configuration of a scheduler of diffusers, for instance from `parseSchedulerConfig`. Keys
 * that are absent take the defaults of the class in diffusers. To run another sampler on the same
 * model, as diffusers' `from_config` does, change `_class_name`.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` for a class, prediction type or setting that is not
 *   supported, saying which are
 */
export function readScheduler(config: unknown): Scheduler {
  const className =
    typeof config === 'object' && config !== null && '_class_name' in config
      ? config._class_name
      : undefined
  const read = typeof className === 'string' ? readers.get(className) : undefined
  if (read) return read(config)
  const known = [...readers.keys()]
  const closest = closestName(String(className), known)
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The scheduler ${JSON.stringify(className)} is not supported; these are: ${known.join(', ')}.`,
    value: className,
    remedy:
      closest === null
        ? 'Set _class_name to one of them: DDIMScheduler reads the settings of most discrete models.'
        : `Did you mean "${closest}"?`,
  })
}
