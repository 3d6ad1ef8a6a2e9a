import { AssayError } from '@assay/core'
import { z } from 'zod'
import type { Parametrization } from '../parametrization.js'
import type { Clipping, Schedule } from '../schedule.js'
import { assertPredictable, assertScheduleOptions } from './assert-schedule.js'
import type { ScheduleOptions, Scheduler } from './scheduler.js'

/** What a model of discrete timesteps may predict. */
export const predictionTypeSchema = z.object({
  prediction_type: z.enum(['epsilon', 'v_prediction', 'sample']).default('epsilon'),
})

/** A key of diffusers of which only the value without effect is supported. */
export const only = (value: string | number | boolean) => z.literal(value).nullish()

/** What a class makes of a configuration. */
export interface Plan {
  readonly parametrization: Parametrization
  readonly clipping: Clipping | null
  schedule(options: Required<ScheduleOptions>): Pick<Schedule, 'initialScale' | 'calls'>
}

/** How to read one class of diffusers. */
export interface SchedulerClass<Schema extends z.ZodType> {
  readonly className: string
  /** Keys that this class knows, with its own defaults; others have no effect in diffusers either. */
  readonly schema: Schema
  plan(config: z.output<Schema>): Plan
}

/** Reads a configuration of one class. */
export type ReadScheduler = (config: unknown) => Scheduler

/** @returns a reader that throws AssayError `MODEL_INCOMPATIBLE`, naming key and what is known */
export const schedulerReader =
  <Schema extends z.ZodType>({ className, schema, plan }: SchedulerClass<Schema>): ReadScheduler =>
  (config) => {
    const parsed = schema.safeParse(config)
    if (!parsed.success) throw configError(className, config, parsed.error)
    const { parametrization, clipping, schedule } = plan(parsed.data)
    return {
      className,
      parametrization,
      schedule({ steps, eta = 0 }) {
        assertScheduleOptions({ steps, eta })
        const { initialScale, calls } = schedule({ steps, eta })
        assertPredictable(parametrization, calls)
        return { parametrization, initialScale, clipping, calls }
      },
    }
  }

function configError(className: string, config: unknown, cause: z.ZodError): AssayError {
  const [issue] = cause.issues
  const key = issue?.path[0]
  const entries = typeof config === 'object' && config !== null ? Object.entries(config) : []
  const value: unknown = entries.find(([name]) => name === key)?.[1]
  return new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The configuration of ${className} cannot be followed: ${String(key)} is ${JSON.stringify(value)}. ${issue?.message}.`,
    value,
    remedy:
      'Use another scheduler class, or change the setting; the README of @assay/diffusion lists what is supported.',
    cause,
  })
}
