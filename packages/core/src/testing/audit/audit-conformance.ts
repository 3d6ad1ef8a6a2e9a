import type { Audit, AuditContext, AuditResult, MeasureMeta } from '../../contracts/audit.js'
import type { Measure } from '../../contracts/measure.js'
import type { ConformanceCheck } from '../conformance-check.js'
import { expectCode, expectSame, expectThat } from '../expectations.js'
import { runConformance } from '../run-conformance.js'

/** An audit, and what to try it on. */
export interface AuditConformanceOptions<Options> {
  readonly audit: Audit<Options>
  /** A new context with the same content each time, as its random stream is used up. */
  createContext(): AuditContext | Promise<AuditContext>
  /** Options as a user writes them. Default: {}, all defaults */
  readonly options?: unknown
}

/**
 * What every audit must hold to: complete metadata, options that are checked, and a result whose every
 * figure is declared, in range, inside its interval, and missing only with a reason.
 */
export function auditConformance<Options>(
  subject: AuditConformanceOptions<Options>,
): readonly ConformanceCheck[] {
  const { audit, createContext, options = {} } = subject
  const judge = async () => audit.run(await createContext(), audit.parseOptions(options))
  const check = (name: string, body: (result: AuditResult) => void) => ({
    name,
    run: async () => body(await judge()),
  })
  return [
    { name: 'says what it asks', run: () => checkMeta(audit) },
    { name: 'declares each measure', run: () => checkMeasureMetas(audit.meta.measures) },
    { name: 'says what it needs', run: () => checkNeeds(audit) },
    { name: 'refuses an option that it does not know', run: () => checkOptions(audit, options) },
    check('answers with its id and a status', (result) => checkStatus(audit, result)),
    check('measures what it declares, in range', ({ measures }) => checkMeasures(audit, measures)),
    check('gives a reason for what is missing', ({ measures }) => measures.forEach(checkReason)),
    check('gives intervals around its values', ({ measures }) => measures.forEach(checkInterval)),
    check('tells findings, warnings and scores in full', checkEvidence),
    check('answers in plain JSON', (result) => expectPlain(result, 'result')),
    {
      name: 'gives the same answer again',
      run: async () => expectSame(await judge(), await judge(), 'The second answer'),
    },
  ]
}

/**
 * Runs {@link auditConformance}.
 *
 * @throws AssayError `CONFORMANCE_FAILED`
 */
export const checkAudit = <Options>(subject: AuditConformanceOptions<Options>): Promise<void> =>
  runConformance(`The audit ${subject.audit.meta.id}`, auditConformance(subject))

const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''

const expectText = (value: unknown, what: string) =>
  expectThat(isText(value), `${what} must not be empty.`, value)

const expectKebabCase = (id: string) =>
  expectThat(
    /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id),
    `The id ${JSON.stringify(id)} must be in kebab-case.`,
  )

const expectDistinct = (ids: readonly string[], what: string) =>
  expectThat(new Set(ids).size === ids.length, `The ${what} must be distinct.`, ids)

const expectCount = (value: number, what: string) =>
  expectThat(Number.isSafeInteger(value) && value >= 0, `${what} must be a count, and is ${value}.`)

function checkMeta({
  specificationVersion,
  meta,
}: Pick<Audit, 'specificationVersion' | 'meta'>): void {
  expectThat(specificationVersion === 1, 'The specification version must be 1.')
  expectKebabCase(meta.id)
  for (const field of ['question', 'title', 'failureTitle', 'description'] as const) {
    expectText(meta[field], `The field ${field}`)
  }
  expectThat(meta.references.length > 0 && meta.references.every(isText), 'References are missing.')
}

function checkMeasureMetas(measures: readonly MeasureMeta[]): void {
  expectThat(measures.length > 0, 'No measure is declared.')
  expectDistinct(
    measures.map(({ id }) => id),
    'ids of measures',
  )
  for (const { id, title, description, unit, range } of measures) {
    expectKebabCase(id)
    for (const [field, text] of Object.entries({ title, description, unit })) {
      expectText(text, `The ${field} of ${id}`)
    }
    const [low, high] = range
    expectThat(low === null || high === null || low < high, `The range of ${id} is empty.`)
  }
}

function checkNeeds({ needs }: Pick<Audit, 'needs'>): void {
  expectThat(needs.length > 0, 'It needs nothing.')
  expectDistinct(needs, 'needs')
}

async function checkOptions(audit: Pick<Audit, 'parseOptions'>, options: unknown): Promise<void> {
  const odd = { ...(options as object), 'no-such-option': true }
  await expectCode(() => audit.parseOptions(odd), ['CONFIG_UNKNOWN_KEY'], 'An unknown option')
}

const statuses = ['passed', 'failed', 'undecided', 'informative', 'notApplicable', 'error']

function checkStatus({ meta }: Pick<Audit, 'meta'>, { id, status }: AuditResult): void {
  expectSame(id, meta.id, 'The id of the result')
  expectThat(statuses.includes(status), `The status ${status} does not exist.`)
}

const nameOf = ({ id, group }: Measure) => (group === undefined ? id : `${id} of ${group}`)

function checkMeasures({ meta }: Pick<Audit, 'meta'>, measures: readonly Measure[]): void {
  expectDistinct(measures.map(nameOf), 'measures')
  for (const measure of measures) {
    const declared = meta.measures.find(({ id }) => id === measure.id)
    expectThat(declared !== undefined, `The measure ${measure.id} is not declared.`)
    expectSame(measure.unit, declared.unit, `The unit of ${nameOf(measure)}`)
    expectCount(measure.n, `The n of ${nameOf(measure)}`)
    expectCount(measure.missing, `What is missing from ${nameOf(measure)}`)
    const { value } = measure
    if (value === null) continue
    const [low, high] = declared.range
    const isInside = (low === null || value >= low) && (high === null || value <= high)
    expectThat(isInside, `${nameOf(measure)} is ${value}, outside of [${low}, ${high}].`)
  }
}

function checkReason(measure: Measure): void {
  const isMissing = measure.value === null || measure.interval === null
  expectThat(!isMissing || isText(measure.reason), `${nameOf(measure)} gives no reason.`)
}

function checkInterval({ value, interval, ...measure }: Measure): void {
  if (interval === null) return
  const name = measure.group === undefined ? measure.id : `${measure.id} of ${measure.group}`
  const { low, high, level, method } = interval
  expectThat(value !== null, `${name} has an interval and no value.`)
  const text = `[${low}, ${high}]`
  expectThat(low <= value && value <= high, `${name} is ${value}, outside of its interval ${text}.`)
  expectThat(level > 0 && level < 1, `The interval of ${name} has the level ${level}.`)
  expectText(method, `The method of the interval of ${name}`)
}

const severities = ['high', 'medium', 'low', 'information']

function checkEvidence({ findings, warnings, items }: AuditResult): void {
  expectDistinct(
    findings.map(({ id }) => id),
    'ids of findings',
  )
  for (const finding of findings) {
    expectText(finding.id, 'The id of a finding')
    expectText(finding.title, `The title of ${finding.id}`)
    expectThat(
      severities.includes(finding.severity),
      `The severity of ${finding.id} does not exist.`,
    )
    expectThat(finding.items.every(isText), `The finding ${finding.id} has an item without a name.`)
    const captions = finding.captions ?? finding.items
    expectThat(
      captions.length === finding.items.length && captions.every(isText),
      `The finding ${finding.id} has not one caption an item.`,
    )
  }
  for (const { code, count, message } of warnings) {
    expectText(code, 'The code of a warning')
    expectText(message, `The message of ${code}`)
    expectCount(count, `The count of ${code}`)
  }
  expectDistinct(
    items.map(({ id }) => id),
    'ids of items',
  )
}

/** Throws where JSON would change a value: a number that is not finite, or what is no plain data. */
function expectPlain(value: unknown, path: string): void {
  if (typeof value === 'number') {
    expectThat(Number.isFinite(value), `${path} is ${value}, which JSON cannot say.`)
  } else if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value)
    const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null
    expectThat(isPlain, `${path} is no plain object.`)
    for (const [key, part] of Object.entries(value)) expectPlain(part, `${path}.${key}`)
  } else {
    const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean'
    expectThat(isPlain, `${path} is a ${typeof value}, which JSON cannot say.`)
  }
}
