import type { MetricInputs, MetricOf } from '../../contracts/metric.js'
import { AssayError } from '../../errors/assay-error.js'
import { createRandom } from '../../random/create-random.js'
import type { Random } from '../../random/random.js'
import type { ConformanceCheck } from '../conformance-check.js'
import { expectCode, expectThat } from '../expectations.js'
import { runConformance } from '../run-conformance.js'
import { type MetricInputKit, metricInputKits } from './metric-inputs.js'

type Kind = keyof MetricInputs

/** How thoroughly a metric is checked. */
export interface MetricConformanceOptions {
  /** Random inputs a check. Default: 500 */
  readonly runs?: number
  /** Seed of the random inputs. Default: the metric's id */
  readonly seed?: number | string
}

/** What each check is given. */
interface Subject<K extends Kind> {
  readonly metric: MetricOf<K>
  readonly kit: MetricInputKit<MetricInputs[K]>
  /** One random input a run; the same for the same name. */
  inputs(name: string): Iterable<{ readonly input: MetricInputs[K]; readonly random: Random }>
}

/**
 * What every metric must hold to, as checks that any test runner can enumerate: its metadata, its range,
 * each invariance as it declares it (one that it denies must fail somewhere), small and degenerate
 * inputs, NaN and infinities, and sums that neither overflow nor vanish in float32.
 */
export function metricConformance<K extends Kind>(
  metric: MetricOf<K>,
  options: MetricConformanceOptions = {},
): readonly ConformanceCheck[] {
  const subject = subjectOf(metric, options)
  return [
    { name: 'says what it is', run: () => checkMetadata(metric) },
    { name: 'gives finite values within its range', run: () => checkRange(subject) },
    {
      name: 'gives the same value again and leaves its input alone',
      run: () => checkPurity(subject),
    },
    ...invarianceChecks(subject),
    { name: 'refuses an empty input', run: () => checkEmpty(subject) },
    { name: 'refuses fewer items than it needs', run: () => checkTooFew(subject) },
    { name: 'gives a value or an error where all items are equal', run: () => checkLevel(subject) },
    {
      name: 'refuses what is not a number or cannot be compared',
      run: () => checkRefused(subject),
    },
  ]
}

/**
 * Runs {@link metricConformance}.
 *
 * @throws AssayError `CONFORMANCE_FAILED`
 */
export const checkMetric = <K extends Kind>(
  metric: MetricOf<K>,
  options: MetricConformanceOptions = {},
): Promise<void> => runConformance(`The metric ${metric.id}`, metricConformance(metric, options))

function subjectOf<K extends Kind>(
  metric: MetricOf<K>,
  { runs = 500, seed = metric.id }: MetricConformanceOptions,
): Subject<K> {
  const kit: MetricInputKit<MetricInputs[K]> = metricInputKits[metric.kind]
  return {
    metric,
    kit,
    *inputs(name) {
      const random = createRandom(seed).fork(name)
      for (let run = 0; run < runs; run++) {
        const rows = metric.minimumRows + random.integer(8)
        const input = kit.create(random, { rows, columns: 1 + random.integer(6) })
        // Several items that are all equal have a check of their own.
        const isLevel = rows > 1 && kit.print(kit.level(input)) === kit.print(input)
        if (!isLevel) yield { input, random }
      }
    },
  }
}

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''

function checkMetadata({ specificationVersion, ...metric }: MetricOf<Kind>): void {
  const { id, title, description, unit, reference, range, minimumRows, tolerance } = metric
  const [low, high] = range
  expectThat(specificationVersion === 1, 'The specification version must be 1.')
  expectThat(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id), `The id ${id} must be in kebab-case.`)
  for (const [field, text] of Object.entries({ title, description, unit, reference })) {
    expectThat(isText(text), `The field ${field} must not be empty.`)
  }
  expectThat(low === null || high === null || low < high, `The range [${range}] is empty.`)
  expectThat(Number.isInteger(minimumRows) && minimumRows >= 1, 'It must need at least one row.')
  expectThat(tolerance >= 0 && tolerance < 1, 'The tolerance must be in [0, 1).')
}

function assertInRange({ range: [low, high] }: MetricOf<Kind>, value: number): void {
  expectThat(Number.isFinite(value), `The value ${value} is not finite.`)
  expectThat(low === null || value >= low, `The value ${value} lies below ${low}.`)
  expectThat(high === null || value <= high, `The value ${value} lies above ${high}.`)
}

function checkRange<K extends Kind>({ metric, inputs }: Subject<K>): void {
  for (const { input } of inputs('range')) assertInRange(metric, metric.compute(input))
}

function checkPurity<K extends Kind>({ metric, kit, inputs }: Subject<K>): void {
  for (const { input } of inputs('purity')) {
    const before = kit.print(input)
    const values = [metric.compute(input), metric.compute(input)]
    expectThat(values[0] === values[1], `Two calls give ${values.join(' and ')}.`)
    expectThat(kit.print(input) === before, 'The call changes its input.')
  }
}

/** Powers of two, which lose no digit; the outer ones overflow and vanish where float32 is squared. */
const factors = [2 ** -80, 0.5, 4, 2 ** 80]

function invarianceChecks<K extends Kind>(subject: Subject<K>): ConformanceCheck[] {
  const { metric, kit } = subject
  const { permutation, duplication, swap, scaleDegree } = metric.invariances
  const check = (
    name: string,
    holds: boolean,
    change: (
      input: MetricInputs[K],
      random: Random,
    ) => readonly (readonly [number, MetricInputs[K]])[],
  ): ConformanceCheck => ({
    name: holds ? `does not change with ${name}` : `changes with ${name}, as it says`,
    run: () => checkInvariance(subject, { name, holds, change }),
  })
  const power = scaleDegree === 0 ? 'scale' : `scale but for its power ${scaleDegree}`
  const scaled = (degree: number) => (input: MetricInputs[K]) =>
    factors.map((factor) => [factor ** degree, kit.scale(input, factor)] as const)
  return [
    check('the order of items', permutation, (input, random) => [[1, kit.permute(input, random)]]),
    check('every item standing twice', duplication, (input) => [[1, kit.duplicate(input)]]),
    ...(swap === null ? [] : [check('the order of sets', swap, (input) => [[1, kit.swap(input)]])]),
    ...(scaleDegree === null ? [] : [check(power, true, scaled(scaleDegree))]),
  ]
}

interface Invariance<K extends Kind> {
  readonly name: string
  readonly holds: boolean
  /** Changed inputs, and what their value must be divided by. */
  change(input: MetricInputs[K], random: Random): readonly (readonly [number, MetricInputs[K]])[]
}

function checkInvariance<K extends Kind>(
  { metric, inputs }: Subject<K>,
  { name, holds, change }: Invariance<K>,
): void {
  for (const { input, random } of inputs(name)) {
    const value = metric.compute(input)
    const slack = metric.tolerance * Math.max(1, Math.abs(value))
    for (const [divisor, changed] of change(input, random)) {
      const other = metric.compute(changed) / divisor
      if (Math.abs(other - value) <= slack) continue
      expectThat(!holds, `The value goes from ${value} to ${other} with ${name}.`)
      return
    }
  }
  expectThat(holds, `No input was found whose value changes with ${name}.`)
}

function checkEmpty<K extends Kind>({ metric, kit }: Subject<K>): Promise<void> {
  const input = kit.create(createRandom(1), { rows: 0, columns: 3 })
  return expectCode(() => metric.compute(input), ['EMPTY_INPUT'], 'An empty input')
}

async function checkTooFew<K extends Kind>({ metric, kit }: Subject<K>): Promise<void> {
  for (let rows = 1; rows < metric.minimumRows; rows++) {
    const input = kit.create(createRandom(rows), { rows, columns: 3 })
    const what = `An input of ${rows} items`
    await expectCode(() => metric.compute(input), ['INVALID_ARGUMENT'], what)
  }
}

function checkLevel<K extends Kind>({ metric, kit, inputs }: Subject<K>): void {
  for (const { input } of inputs('level')) {
    let value: number
    try {
      value = metric.compute(kit.level(input))
    } catch (error) {
      expectThat(AssayError.isInstance(error), `It fails with ${error}, which is no AssayError.`)
      continue
    }
    assertInRange(metric, value)
  }
}

async function checkRefused<K extends Kind>({ metric, kit }: Subject<K>): Promise<void> {
  const rows = metric.minimumRows + 1
  const input = kit.create(createRandom(1), { rows, columns: 3 })
  for (const { input: bad, code, what } of kit.refused(input)) {
    await expectCode(() => metric.compute(bad), [code], what)
  }
}
