import { z } from 'zod'

/** What a client says when it begins a run; docs/shield-service.md describes each key. */
export const sessionForm = z.strictObject({
  shape: z.array(z.int().positive()).min(2).max(8),
  dtype: z.enum(['float16', 'float32', 'float64']),
  radius: z.number().positive(),
  mode: z.enum(['static', 'dynamic', 'bank']),
  references: z.string().nullable().default(null),
  bank: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .nullable()
    .default(null),
  overcompensation: z.number().min(1).default(1.6),
  strict: z.boolean().default(false),
  box: z.tuple([z.number(), z.number()]).nullable().default(null),
  margin: z.number().min(0).default(0),
  seeds: z.array(z.int()).nullable().default(null),
  parametrisation: z
    .enum(['variance-exploding', 'variance-preserving', 'rectified-flow'])
    .nullable()
    .default(null),
  fingerprint: z.string().nullable().default(null),
})

/** A run's settings, defaults filled in. */
export type SessionOptions = z.infer<typeof sessionForm>

/** How pictures depend on noise: x = a x0 + s e with a = 1, √(1 - s²) or 1 - s. */
export type Parametrisation = NonNullable<SessionOptions['parametrisation']>
