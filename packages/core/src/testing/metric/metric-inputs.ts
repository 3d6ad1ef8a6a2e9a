import type { MetricInputs } from '../../contracts/metric.js'
import type { AssayErrorCode } from '../../errors/error-codes.js'
import { createMatrix } from '../../matrix/create-matrix.js'
import type { Matrix } from '../../matrix/matrix.js'
import { selectRows } from '../../matrix/select-rows.js'
import type { Random } from '../../random/random.js'
import { randomMatrix } from '../random-matrix.js'

/** How large a random input is; `columns` does not matter to rankings. */
interface Shape {
  readonly rows: number
  readonly columns: number
}

/** An input that must be refused. */
interface Refused<Input> {
  readonly input: Input
  readonly code: AssayErrorCode
  readonly what: string
}

/** Makes inputs of one kind, and changes them in the ways that metrics must withstand. */
export interface MetricInputKit<Input> {
  create(random: Random, shape: Shape): Input
  permute(input: Input, random: Random): Input
  duplicate(input: Input): Input
  scale(input: Input, factor: number): Input
  /** The two sets in each other's place; the same where there is one set. */
  swap(input: Input): Input
  /** All items equal to the first one. */
  level(input: Input): Input
  /** Inputs with a value that is not a number, or with two sets that must not be compared. */
  refused(input: Input): readonly Refused<Input>[]
  /** All numbers as text, to see whether a metric changed them. */
  print(input: Input): string
}

const rowsOf = ({ rows }: Matrix) => [...Array(rows).keys()]

const withData = (matrix: Matrix, change: (value: number, at: number) => number): Matrix => ({
  ...matrix,
  data: matrix.data.map(change),
})

const matrixChanges = {
  duplicate: (matrix: Matrix) => selectRows(matrix, [...rowsOf(matrix), ...rowsOf(matrix)]),
  scale: (matrix: Matrix, factor: number) => withData(matrix, (value) => value * factor),
  level: (matrix: Matrix) => selectRows(matrix, rowsOf(matrix).fill(0)),
  spoil: (matrix: Matrix, bad: number) =>
    withData(matrix, (value, at) => (at === matrix.data.length - 1 ? bad : value)),
  print: (matrix: Matrix) => matrix.data.join(),
  draw: (random: Random, shape: Shape) =>
    randomMatrix(random, { ...shape, values: random.integer(2) === 0 ? 'normal' : 'grid' }),
}

const spoiling = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

const set: MetricInputKit<MetricInputs['set']> = {
  create: (random, shape) => ({ outputs: matrixChanges.draw(random, shape) }),
  permute: ({ outputs }, random) => ({
    outputs: selectRows(outputs, random.shuffle(rowsOf(outputs))),
  }),
  duplicate: ({ outputs }) => ({ outputs: matrixChanges.duplicate(outputs) }),
  scale: ({ outputs }, factor) => ({ outputs: matrixChanges.scale(outputs, factor) }),
  swap: (input) => input,
  level: ({ outputs }) => ({ outputs: matrixChanges.level(outputs) }),
  refused: ({ outputs }) =>
    spoiling.map((bad) => ({
      input: { outputs: matrixChanges.spoil(outputs, bad) },
      code: 'NOT_FINITE',
      what: `A set with ${bad}`,
    })),
  print: ({ outputs }) => matrixChanges.print(outputs),
}

type TwoSets = MetricInputs['sets']

const twoSets: Omit<MetricInputKit<TwoSets>, 'create' | 'permute'> = {
  duplicate: (input) => both(input, matrixChanges.duplicate),
  scale: (input, factor) => both(input, (matrix) => matrixChanges.scale(matrix, factor)),
  swap: ({ outputs, reference }) => ({ outputs: reference, reference: outputs }),
  level: (input) => both(input, matrixChanges.level),
  refused: (input) => [...spoiling.flatMap((bad) => spoilt(input, bad)), ...incomparable(input)],
  print: ({ outputs, reference }) =>
    `${matrixChanges.print(outputs)} ${matrixChanges.print(reference)}`,
}

const both = ({ outputs, reference }: TwoSets, change: (matrix: Matrix) => Matrix): TwoSets => ({
  outputs: change(outputs),
  reference: change(reference),
})

const spoilt = ({ outputs, reference }: TwoSets, bad: number): Refused<TwoSets>[] => [
  {
    input: { outputs: matrixChanges.spoil(outputs, bad), reference },
    code: 'NOT_FINITE',
    what: `An output with ${bad}`,
  },
  {
    input: { outputs, reference: matrixChanges.spoil(reference, bad) },
    code: 'NOT_FINITE',
    what: `A reference row with ${bad}`,
  },
]

function incomparable({ outputs, reference }: TwoSets): Refused<TwoSets>[] {
  const columns = reference.columns + 1
  const wide = createMatrix({ data: new Float32Array(reference.rows * columns).fill(1), columns })
  return [
    {
      input: { outputs, reference: wide },
      code: 'SHAPE_MISMATCH',
      what: 'Two sets of different columns',
    },
    {
      input: {
        outputs: { ...outputs, fingerprint: 'one' },
        reference: { ...reference, fingerprint: 'another' },
      },
      code: 'FINGERPRINT_MISMATCH',
      what: 'Two sets of different fingerprints',
    },
  ]
}

const sets: MetricInputKit<TwoSets> = {
  ...twoSets,
  create: (random, { rows, columns }) => ({
    outputs: matrixChanges.draw(random, { rows, columns }),
    reference: matrixChanges.draw(random, { rows: rows && rows + random.integer(3), columns }),
  }),
  permute: (input, random) =>
    both(input, (matrix) => selectRows(matrix, random.shuffle(rowsOf(matrix)))),
}

const pairs: MetricInputKit<TwoSets> = {
  ...twoSets,
  create: (random, shape) => ({
    outputs: matrixChanges.draw(random, shape),
    reference: matrixChanges.draw(random, shape),
  }),
  permute: (input, random) => {
    const order = random.shuffle(rowsOf(input.outputs))
    return both(input, (matrix) => selectRows(matrix, order))
  },
}

const ranking: MetricInputKit<MetricInputs['ranking']> = {
  create: (random, { rows }) => {
    // Eighths, so that ties are common and scaling is exact.
    const scores = (count: number) => Array.from({ length: count }, () => random.integer(24) / 8)
    return { relevant: scores(rows), others: scores(random.integer(30)) }
  },
  permute: ({ relevant, others }, random) => ({
    relevant: random.shuffle(relevant),
    others: random.shuffle(others),
  }),
  duplicate: ({ relevant, others }) => ({
    relevant: [...relevant, ...relevant],
    others: [...others, ...others],
  }),
  scale: ({ relevant, others }, factor) => ({
    relevant: relevant.map((score) => score * factor),
    others: others.map((score) => score * factor),
  }),
  swap: ({ relevant, others }) => ({ relevant: others, others: relevant }),
  level: ({ relevant, others }) => ({
    relevant: relevant.map(() => 1),
    others: others.map(() => 1),
  }),
  refused: ({ relevant, others }) => {
    const code = 'NOT_FINITE'
    return [
      {
        input: { relevant: [...relevant, Number.NaN], others },
        code,
        what: 'A relevant score of NaN',
      },
      { input: { relevant, others: [...others, Number.NaN] }, code, what: 'Another score of NaN' },
    ]
  },
  print: ({ relevant, others }) => `${relevant.join()} ${others.join()}`,
}

/** Inputs of each kind of metric. */
export const metricInputKits: {
  readonly [Kind in keyof MetricInputs]: MetricInputKit<MetricInputs[Kind]>
} = { set, sets, pairs, ranking }
