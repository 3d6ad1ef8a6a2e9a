import { z } from 'zod'

/** What the file calls itself. */
export const evidenceFormat = 'assay.repellency.evidence'

/**
 * Stop a file that is no evidence, or was made to exhaust memory. A picture takes 1,500 bytes and eleven
 * objects and arrays, with the one without a shield and its share of the calls: 40,000 pictures.
 */
export const evidenceLimits = {
  bytes: 64_000_000,
  containers: 1_000_000,
  requests: 100_000,
  picturesOfRequest: 100_000,
  callsOfRequest: 100_000,
} as const

/** An array that is refused at its first wrong element: zod would gather what is wrong with millions. */
const arrayOf = <Value>(form: z.ZodType<Value>, most: number) =>
  z
    .array(z.unknown())
    .max(most)
    .transform((values, { addIssue }): Value[] => {
      const parsed: Value[] = []
      for (const [at, value] of values.entries()) {
        const { data, error } = form.safeParse(value)
        if (error === undefined) {
          parsed.push(data)
          continue
        }
        const [{ message, path } = { message: 'it is wrong', path: [] }] = error.issues
        addIssue({ code: 'custom', message, path: [at, ...path] })
        return z.NEVER
      }
      return parsed
    })

const name = z.string().max(4096)
const prompt = z.string().max(100_000)
const count = z.int().min(0)
const length = z.number().min(0)

const nearestForm = z.strictObject({ reference: name.nullable(), distance: length })

const callForm = z
  .strictObject({
    index: count,
    timestep: z.number(),
    pictures: count.max(evidenceLimits.picturesOfRequest),
    active: count,
    shields: count,
    copies: count,
    correction: length,
    relativeCorrection: length.nullable(),
    nearest: length.nullable(),
    nearestAfter: length.nullable(),
  })
  .refine(({ active, pictures }) => active <= pictures, {
    message: 'more pictures are active than there are',
    path: ['active'],
  })

const pictureForm = z
  .strictObject({
    file: name.nullable(),
    seed: z.int(),
    outcome: z.enum(['image', 'rejected']),
    finishedDistance: length.nullable(),
    calls: count,
    activeCalls: count,
    firstActive: count.nullable(),
    lastActive: count.nullable(),
    shields: count,
    nearest: length.nullable(),
    nearestAfter: length.nullable(),
    met: arrayOf(nearestForm, 100),
    finishedNearest: nearestForm.exactOptional(),
  })
  .refine(({ file, outcome }) => (file === null) === (outcome === 'rejected'), {
    message: 'a picture has a file where it was given out, and only there',
    path: ['file'],
  })
  .refine(({ activeCalls, calls }) => activeCalls <= calls, {
    message: 'more calls are active than there are',
    path: ['activeCalls'],
  })
  .refine(
    ({ activeCalls, firstActive, lastActive, nearest, nearestAfter }) =>
      [firstActive, lastActive, nearest, nearestAfter].every(
        (value) => (value === null) === (activeCalls === 0),
      ),
    {
      message: 'distances are told of pictures that met a shield, and of no others',
      path: ['activeCalls'],
    },
  )

const requestForm = z.strictObject({
  prompt,
  preset: z.enum(['protect', 'diversify']),
  space: name,
  radius: z.number().gt(0),
  margin: length,
  overcompensation: z.number().min(1),
  strict: z.boolean(),
  references: count,
  calls: arrayOf(callForm, evidenceLimits.callsOfRequest),
  pictures: arrayOf(pictureForm, evidenceLimits.picturesOfRequest),
})

const baseForm = z.strictObject({
  prompt,
  seed: z.int(),
  finishedDistance: length.nullable(),
  finishedNearest: nearestForm.exactOptional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .exactOptional(),
})

/** The file of evidence. */
export const shieldEvidenceForm = z
  .strictObject({
    format: z.literal(evidenceFormat),
    specificationVersion: z.literal(1),
    generator: z.strictObject({ id: name, fingerprint: name.nullable() }),
    requests: arrayOf(requestForm, evidenceLimits.requests),
    base: arrayOf(baseForm, evidenceLimits.requests).nullable(),
  })
  .superRefine(({ requests }, { addIssue }) => {
    const files = new Set<string>()
    for (const [at, { pictures }] of requests.entries()) {
      for (const [row, { file }] of pictures.entries()) {
        if (file === null) continue
        const path = ['requests', at, 'pictures', row, 'file']
        if (files.has(file)) addIssue({ code: 'custom', message: 'the file stands twice', path })
        files.add(file)
      }
    }
  })
