import {
  type AttackResult,
  attackPictures,
  boundaryAttack,
  createOnnxGradients,
  embeddingPgd,
  nesAttack,
  pgdAttack,
  pipelineScore,
  type RobustnessPoint,
  robustnessCurve,
  simbaAttack,
  squareAttack,
  toFloatImage,
} from '@assay/concept-filter/attacks'
import { certify } from '@assay/concept-filter/certificates'
import { AssayError, type ItemFailure, type Matrix, type RgbImage } from '@assay/core'
import { tinyClipGradients } from '@assay/tiny-world'
import type { CommandSession } from '../command-session.js'
import type { OpenedFilter } from './open-filter.js'

/** Attacks on single pictures. */
export const pictureAttacks = ['nes', 'simba', 'square', 'boundary', 'pgd', 'embedding'] as const
export type PictureAttackName = (typeof pictureAttacks)[number]

/** A picture with its raw embedding. */
export interface AttackedItem {
  readonly id: string
  readonly image: RgbImage
  readonly row: number
}

/** How pictures are attacked. */
export interface AttackSettings {
  readonly norm: 'linf' | 'l2'
  /** Largest change of pixels, white being 1. */
  readonly radius: number
  readonly budget: number
  readonly level: number
  readonly seed: number
  /** A graph with gradients. Default: that of the tiny CLIP, for the tiny CLIP. */
  readonly gradients?: string | undefined
}

/** What came of one attack on all pictures. */
export interface AttackReport {
  readonly attack: PictureAttackName
  readonly space: 'pixels' | 'image embedding'
  readonly norm: AttackResult['norm']
  /** Null where any change counts. */
  readonly radius: number | null
  readonly budget: number
  readonly attempts: readonly (Omit<AttackResult, 'changed'> & {
    readonly id: string
    /** Distance found over the certified radius, at least 1 if the certificate is true; null in pixels. */
    readonly overCertified: number | null
  })[]
  readonly curve: readonly RobustnessPoint[]
  readonly failures: readonly ItemFailure[]
}

/** What is attacked, and how. */
export interface AttackTarget {
  readonly opened: OpenedFilter
  /** Raw, one row an item. */
  readonly embeddings: Matrix
  readonly settings: AttackSettings
}

/** Runs one kind of attack on every picture. */
export async function runAttack(
  name: PictureAttackName,
  items: readonly AttackedItem[],
  target: AttackTarget,
  session: CommandSession,
): Promise<AttackReport> {
  const { opened, embeddings, settings } = target
  const attack = await openAttack(name, target, session)
  const { attempts, failures } = await attackPictures({
    items,
    attack,
    seed: settings.seed,
    progress: session.progress,
  })
  const certificates =
    name === 'embedding'
      ? new Map(certify(opened.filter, embeddings).map((it) => [it.id, it]))
      : null
  const certified = (id: string) => certificates?.get(id)?.radius ?? null
  const [first] = attempts
  return {
    attack: name,
    space: name === 'embedding' ? 'image embedding' : 'pixels',
    norm: first?.result.norm ?? settings.norm,
    radius: first?.result.radius ?? null,
    budget: settings.budget,
    attempts: attempts.map(({ id, result: { changed: _, ...result } }) => ({
      id,
      ...result,
      overCertified: ratio(result.distance, certified(id)),
    })),
    curve: robustnessCurve({
      by: 'queries',
      attempts: attempts.map(({ result }) => result),
      at: [10, 100, 1000, 5000, settings.budget].filter(
        (at, place, all) => at <= settings.budget && all.indexOf(at) === place,
      ),
      level: settings.level,
    }),
    failures,
  }
}

const ratio = (found: number | null, certified: number | null) =>
  found === null || certified === null || certified === 0 ? null : found / certified

type Attack = (item: AttackedItem, seed: string) => Promise<AttackResult>

async function openAttack(
  name: PictureAttackName,
  target: AttackTarget,
  session: CommandSession,
): Promise<Attack> {
  const { opened, embeddings, settings } = target
  const { encoder, filter } = opened
  const limits = { budget: settings.budget, signal: session.signal }
  if (name === 'embedding') {
    const { data, columns } = embeddings
    return async ({ row }, seed) => {
      const embedding = data.subarray(row * columns, (row + 1) * columns)
      return embeddingPgd({ ...limits, embedding, filter, seed })
    }
  }
  const { norm, radius } = settings
  const score = pipelineScore({ encoder: encoder.image, filter })
  const options = ({ image }: AttackedItem, seed: string) => ({
    ...{ ...limits, score, norm, radius, seed, eightBit: true },
    picture: toFloatImage(image),
  })
  if (name !== 'pgd') return async (...of) => byQueries[name](options(...of))
  const gradients = await openGradients(target, session)
  return async (...of) => pgdAttack({ ...options(...of), gradients })
}

const byQueries = {
  nes: nesAttack,
  simba: simbaAttack,
  square: squareAttack,
  boundary: boundaryAttack,
} as const

async function openGradients(
  { opened: { encoder, filter }, settings }: AttackTarget,
  { engine, use }: CommandSession,
) {
  const { id, image } = encoder.card
  const session = use(await engine.open({ path: gradientGraph(id, settings.gradients) }))
  const { mean, std } = image?.preprocessing ?? noPreprocessing(id)
  return createOnnxGradients({ session, filter, mean, std })
}

function gradientGraph(encoder: string, given: string | undefined): string {
  if (given !== undefined) return given
  if (encoder === 'assay/tiny-clip') return tinyClipGradients
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: `Nobody knows the gradients of ${encoder}.`,
    value: encoder,
    remedy:
      'Name a graph by --gradients (models/recipes/tiny_clip/vjp.py makes one), or leave pgd out.',
  })
}

function noPreprocessing(encoder: string): never {
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `${encoder} does not say how pixels become its input.`,
    value: encoder,
    remedy: 'Choose another model; `assay models ls` lists them.',
  })
}
