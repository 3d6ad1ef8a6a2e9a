import { AssayError, type Matrix } from '@assay/core'
import { dot, rowNorms } from '@assay/core/linear-algebra'
import { rowProduct } from '../filter/embedding-products.js'
import { afterDrift, allOf, anyOf, type CertifiedCondition } from './certified-condition.js'
import { cosineRadius } from './cosine-radius.js'
import { type EmbeddingCertificate, embeddingCertificate } from './embedding-certificate.js'
import type { CosineRule, EmbeddingRule, LinearRule } from './embedding-rule.js'
import { linearRadius } from './linear-radius.js'

/** How a rule is certified. */
export interface CertifyRuleOptions {
  /**
   * Drift of the encoder build, relative to the embedding's length: that of directions where all rules are
   * cosines, of raw embeddings where one is linear; see {@link measureDrift}. Default: 0.
   */
  readonly drift?: number
}

/**
 * How much noise on the image embedding each decision of a filter of single thresholds withstands: the
 * Stable Diffusion safety checker (cosines), a linear head, or any nesting of such. A single rule gets its
 * exact radius; of nested ones, see {@link EmbeddingCertificate.tightness}.
 *
 * @param embeddings one row a picture, as the filter sees them: a linear head may need raw ones
 * @throws AssayError `SHAPE_MISMATCH` (columns), `ZERO_VECTOR`, `NOT_FINITE`, `EMPTY_INPUT` (no rule),
 *   `INVALID_ARGUMENT` (drift)
 */
export function certifyRule(
  rule: EmbeddingRule,
  embeddings: Matrix,
  { drift = 0 }: CertifyRuleOptions = {},
): readonly EmbeddingCertificate[] {
  assertDrift(drift)
  const decide = prepare(rule, embeddings.columns)
  return Array.from(rowNorms(embeddings), (norm, row) => {
    const noise = drift * norm
    const start = row * embeddings.columns
    const product = (vector: Float64Array) => rowProduct(embeddings.data, start, vector)
    return embeddingCertificate(decide({ product, norm, noise }), {
      id: embeddings.ids?.[row] ?? String(row),
      method: 'exact',
      norm,
      drift: noise,
    })
  })
}

interface Picture {
  product(vector: Float64Array): number
  readonly norm: number
  readonly noise: number
}

type Decide = (picture: Picture) => CertifiedCondition

function prepare(rule: EmbeddingRule, columns: number): Decide {
  if (rule.kind === 'cosine') return prepareCosine(rule, columns)
  if (rule.kind === 'linear') return prepareLinear(rule, columns)
  if (rule.rules.length === 0) throw noRule(rule.kind)
  const parts = rule.rules.map((part) => prepare(part, columns))
  const combine = rule.kind === 'any' ? anyOf : allOf
  return (picture) => combine(parts.map((part) => part(picture)))
}

function prepareCosine({ id, vector, threshold }: CosineRule, columns: number): Decide {
  const { values, length } = checkedVector(id, vector, columns)
  if (length === 0 || Number.isNaN(threshold)) throw unusable(id, length === 0 ? 0 : threshold)
  return ({ product, norm, noise }) => {
    const cosine = product(values) / (length * norm)
    const radius = afterDrift(cosineRadius({ cosine, threshold, norm }), noise)
    return { holds: cosine > threshold, radius, exact: true, by: id }
  }
}

function prepareLinear(rule: LinearRule, columns: number): Decide {
  const { id, bias, threshold } = rule
  const { values, length } = checkedVector(id, rule.weights, columns)
  if (Number.isNaN(bias + threshold)) throw unusable(id, bias + threshold)
  return ({ product, noise }) => {
    const score = product(values) + bias
    const radius = afterDrift(linearRadius({ score, threshold, length }), noise)
    return { holds: score > threshold, radius, exact: true, by: id }
  }
}

function checkedVector(id: string, vector: ArrayLike<number>, columns: number) {
  if (vector.length !== columns) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `The rule "${id}" has ${vector.length} dimensions, not ${columns}.`,
      value: vector.length,
      remedy: 'Use embeddings of the encoder that the rule was made for.',
    })
  }
  const length = Math.sqrt(dot(vector, vector))
  if (!Number.isFinite(length)) throw unusable(id, length)
  return { values: Float64Array.from(vector), length }
}

const unusable = (id: string, value: number) =>
  new AssayError({
    code: value === 0 ? 'ZERO_VECTOR' : 'NOT_FINITE',
    message: `The rule "${id}" has a ${value === 0 ? 'vector of zeros' : 'value that is no number'}.`,
    value,
    remedy: 'Check the file that the rule was read from.',
  })

const noRule = (kind: string) =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: `A rule of the kind "${kind}" is empty.`,
    value: kind,
    remedy: 'Give it one rule or more.',
  })

function assertDrift(drift: number): void {
  if (drift >= 0 && drift < 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'The drift must be at least 0 and below 1.',
    value: drift,
    remedy: 'Give it as a share of the length of an embedding.',
  })
}
