import { AssayError, type ImageGenerator } from '@assay/core'
import { type PictureRequest, type WrittenPictures, writePictures } from '@assay/diffusion'
import type { Device } from '@assay/tensor'
import type { CommandSession } from '../command-session.js'
import { openGenerator } from '../generators/open-generator.js'
import { type ComparedSet, compareSet } from './compared-set.js'
import { earlierPictures } from './earlier-pictures.js'
import { findRadii, type Radii } from './find-radii.js'
import { openProtected, type ProtectedPictures } from './protected-pictures.js'
import { type SamplerSpace, samplerSpace } from './sampler-space.js'
import { type ShieldedGenerators, shieldGenerators } from './shield-generators.js'

/** What is drawn, and kept away from what. */
export interface ShieldPlan {
  readonly model: string
  readonly device: Device
  readonly requests: readonly PictureRequest[]
  /** Protected pictures, or `training`; null where there are none. */
  readonly protect: string | null
  /** Radius around them; null to calibrate it. */
  readonly radius: number | null
  /** Radius that pictures of a prompt keep from each other; null to calibrate it, undefined for none. */
  readonly diversify: number | null | undefined
  readonly out: string
  /** Folder of the pictures without a shield; null where none are wanted. */
  readonly base: string | null
}

/** What was drawn, and what it was kept away from. */
export interface ShieldedPictures {
  readonly generators: ShieldedGenerators
  readonly space: SamplerSpace
  readonly protectedPictures: ProtectedPictures | null
  readonly radii: Radii
  readonly shielded: ComparedSet
  /** Null where none were drawn. */
  readonly base: ComparedSet | null
}

/**
 * Draws pictures with shields into a folder. What is compared are the files, read again.
 *
 * @throws AssayError `IMAGE_UNREADABLE` for a protected picture that cannot be read; what opening, drawing
 *   and writing throw
 */
export async function drawShielded(
  plan: ShieldPlan,
  session: CommandSession,
): Promise<ShieldedPictures> {
  const opened = await openForShield(plan, session)
  const { generator, space, protectedPictures } = opened
  const base = plan.base === null ? null : await draw(generator, plan.base, { plan, session })
  const radii = await findRadii({ ...plan, ...opened, space: space.vectors, base }, session)
  const radius = radii.protection?.radius ?? null
  const generators = shieldGenerators(generator, {
    space,
    protection: protectedPictures && radius !== null ? { protectedPictures, radius } : null,
    diversity: radii.diversity && {
      radius: radii.diversity.radius,
      earlier: await earlierPictures(plan.out, space.vectors, session),
    },
  })
  const written = await draw(generators.generator, plan.out, { plan, session })
  const comparison = { space: space.vectors, protectedPictures, radius }
  return {
    ...{ generators, space, protectedPictures, radii },
    shielded: await compareSet(written, comparison, session),
    base: base && (await compareSet(base, comparison, session)),
  }
}

async function openForShield({ model, device, protect }: ShieldPlan, session: CommandSession) {
  const { signal, use } = session
  // The default says nothing to a service, which then tells what is really wrong with it.
  const options = device === 'cpu' ? { signal } : { device, signal }
  const { generator } = use(await openGenerator(model, options))
  const space = await samplerSpace(generator, signal)
  const wanted = { model, space: space.vectors, dimensions: space.dimensions }
  const protectedPictures =
    protect === null ? null : await openProtected({ ...wanted, protect }, session)
  assertAllRead(protectedPictures)
  return { generator, space, protectedPictures }
}

const draw = (
  generator: ImageGenerator,
  folder: string,
  {
    plan: { requests },
    session: { progress, signal },
  }: { readonly plan: ShieldPlan; readonly session: CommandSession },
): Promise<WrittenPictures> => writePictures({ generator, requests, folder, progress, signal })

/** A picture that cannot be read would be protected by nothing. */
function assertAllRead(protectedPictures: ProtectedPictures | null): void {
  const [first, ...others] = protectedPictures?.failures ?? []
  if (first === undefined) return
  const more = others.length > 0 ? ` So it is with ${others.length} more.` : ''
  throw new AssayError({
    code: 'IMAGE_UNREADABLE',
    message: `The protected picture ${first.id} cannot be read, and so not be protected: ${first.message}${more}`,
    value: first.id,
    remedy: 'Mend or remove it.',
  })
}
