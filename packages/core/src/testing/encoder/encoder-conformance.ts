import type { EmbeddingBatch, ImageEncoder, TextEncoder } from '../../contracts/encoder.js'
import type { ImageInput } from '../../contracts/image.js'
import type { Matrix } from '../../matrix/matrix.js'
import { selectRows } from '../../matrix/select-rows.js'
import type { ConformanceCheck } from '../conformance-check.js'
import { expectCode, expectSame, expectThat } from '../expectations.js'
import { runConformance } from '../run-conformance.js'

/** A text to be embedded. */
interface TextInput {
  readonly id: string
  readonly text: string
}

/** How an encoder is checked. */
interface EncoderConformanceSettings {
  /** How far two embeddings of one item may lie apart, a value. Default: 1e-4 */
  readonly tolerance?: number
}

/** An image or a text encoder, and what to try it on. */
export type EncoderConformanceOptions = EncoderConformanceSettings &
  (
    | {
        readonly encoder: ImageEncoder
        /** At least three different items that can be embedded. */
        readonly items: readonly ImageInput[]
        /** Items that cannot be embedded, for instance broken pictures. Default: none */
        readonly broken?: readonly ImageInput[]
      }
    | {
        readonly encoder: TextEncoder
        readonly items: readonly TextInput[]
        readonly broken?: readonly TextInput[]
      }
  )

/** An encoder of either kind. */
interface Subject {
  readonly encoder: Pick<
    ImageEncoder,
    'specificationVersion' | 'id' | 'dimensions' | 'space' | 'fingerprint'
  >
  readonly items: readonly { readonly id: string }[]
  readonly broken: readonly { readonly id: string }[]
  readonly tolerance: number
  embed(
    items: readonly { readonly id: string }[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<EmbeddingBatch>
}

/**
 * What every encoder must hold to: shapes, ids in input order, unit rows, failures as values, the same
 * embedding in any batch, its fingerprint, and stopping when it is told to.
 */
export function encoderConformance(
  options: EncoderConformanceOptions,
): readonly ConformanceCheck[] {
  const subject = subjectOf(options)
  const { broken } = subject
  const check = (name: string, body: (subject: Subject) => void | Promise<void>) => ({
    name,
    run: () => body(subject),
  })
  return [
    check('says what it is', checkDescription),
    check('gives one finite row an item, in input order, with ids', checkShape),
    check('gives rows of unit length where it says so', checkUnitLength),
    check('gives different items different rows', checkDifference),
    check('gives the same rows again', checkDeterminism),
    check('gives an item the same row in any batch', checkBatches),
    check('gives no rows for no items', checkEmpty),
    ...(broken.length > 0 ? [check('gives failures as values, and goes on', checkFailures)] : []),
    check('stops when the signal is aborted', checkAbort),
  ]
}

/**
 * Runs {@link encoderConformance}.
 *
 * @throws AssayError `CONFORMANCE_FAILED`
 */
export const checkEncoder = (options: EncoderConformanceOptions): Promise<void> =>
  runConformance(`The encoder ${options.encoder.id}`, encoderConformance(options))

function subjectOf(options: EncoderConformanceOptions): Subject {
  const { encoder, items, broken = [], tolerance = 1e-4 } = options
  expectThat(items.length >= 3, 'An encoder must be tried on three items or more.', items.length)
  return {
    encoder,
    items,
    broken,
    tolerance,
    embed: (some, settings) =>
      'embedImages' in encoder
        ? encoder.embedImages(some as readonly ImageInput[], settings)
        : encoder.embedTexts(some as readonly TextInput[], settings),
  }
}

function checkDescription({ encoder }: Subject): void {
  expectThat(encoder.specificationVersion === 1, 'The specification version must be 1.')
  expectThat(
    Number.isInteger(encoder.dimensions) && encoder.dimensions > 0,
    'It has no dimensions.',
  )
  for (const field of ['id', 'space', 'fingerprint'] as const) {
    expectThat(encoder[field].trim() !== '', `The field ${field} must not be empty.`)
  }
}

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id)

async function embedAll({ embed, items }: Subject): Promise<Matrix> {
  const { embeddings, failures } = await embed(items)
  expectSame(failures, [], 'The list of failures')
  return embeddings
}

async function checkShape(subject: Subject): Promise<void> {
  const { encoder, items } = subject
  const { data, rows, columns, ids, fingerprint } = await embedAll(subject)
  expectSame(rows, items.length, 'The number of rows')
  expectSame(columns, encoder.dimensions, 'The number of columns')
  expectSame(data.length, rows * columns, 'The number of values')
  expectSame(ids, idsOf(items), 'The list of ids')
  expectSame(fingerprint, encoder.fingerprint, 'The fingerprint of the rows')
  expectThat(data.every(Number.isFinite), 'A value is not finite.')
}

const rowAt = ({ data, columns }: Matrix, row: number) =>
  data.subarray(row * columns, (row + 1) * columns)

async function checkUnitLength(subject: Subject): Promise<void> {
  const matrix = await embedAll(subject)
  subject.items.forEach(({ id }, row) => {
    const length = Math.hypot(...rowAt(matrix, row))
    expectThat(length > 0, `The row of ${id} is all zeros.`)
    const isUnit = Math.abs(length - 1) <= 1e-5
    expectThat(!matrix.normalized || isUnit, `The row of ${id} has length ${length}.`)
  })
}

async function checkDifference(subject: Subject): Promise<void> {
  const matrix = await embedAll(subject)
  const rows = new Set(subject.items.map((_, row) => rowAt(matrix, row).join()))
  expectThat(rows.size > 1, 'All items have the same row.')
}

async function checkDeterminism(subject: Subject): Promise<void> {
  const [one, other] = [await embedAll(subject), await embedAll(subject)]
  expectSame([...other.data], [...one.data], 'The second embedding')
}

function expectClose({ tolerance }: Subject, actual: Matrix, expected: Matrix): void {
  expectSame(actual.ids, expected.ids, 'The list of ids')
  actual.data.forEach((value, at) => {
    const gap = Math.abs(value - expected.data[at]!)
    expectThat(gap <= tolerance, `A value is off by ${gap} in another batch.`)
  })
}

async function checkBatches(subject: Subject): Promise<void> {
  const { items, embed } = subject
  const all = await embedAll(subject)
  const reversed = await embed(items.toReversed())
  const order = [...items.keys()].reverse()
  expectClose(subject, reversed.embeddings, selectRows(all, order))
  for (const [row, item] of items.entries()) {
    const alone = await embed([item])
    expectClose(subject, alone.embeddings, selectRows(all, [row]))
  }
}

async function checkEmpty({ encoder, embed }: Subject): Promise<void> {
  const { embeddings, failures } = await embed([])
  const { rows, columns } = embeddings
  expectSame(
    { rows, columns, failures },
    { rows: 0, columns: encoder.dimensions, failures: [] },
    'The answer',
  )
}

async function checkFailures(subject: Subject): Promise<void> {
  const { items, broken, embed } = subject
  const mixed = [...items.slice(0, 1), ...broken, ...items.slice(1)]
  const { embeddings, failures } = await embed(mixed)
  expectClose(subject, embeddings, await embedAll(subject))
  expectSame(idsOf(failures), idsOf(broken), 'The list of failed ids')
  for (const { id, stage, code, message } of failures) {
    const isComplete = [stage, code, message].every((text) => text.trim() !== '')
    expectThat(isComplete, `The failure of ${id} must tell its stage, code and message.`)
  }
}

async function checkAbort({ items, embed }: Subject): Promise<void> {
  const controller = new AbortController()
  controller.abort()
  const { signal } = controller
  await expectCode(() => embed(items, { signal }), ['ABORTED'], 'Work that was aborted')
}
