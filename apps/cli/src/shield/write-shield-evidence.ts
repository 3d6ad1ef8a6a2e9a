import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WrittenPictures } from '@assay/diffusion'
import {
  type FinishedPicture,
  type RequestEvidence,
  type ShieldEvidence,
  shieldEvidence,
} from '@assay/repellency'
import { type BasePicture, parseShieldEvidence } from '@assay/repellency/audit'
import { writeFileAtomic } from '@assay/store'
import type { ComparedSet } from './compared-set.js'
import type { ShieldedPictures } from './draw-shielded.js'
import type { ComparedPicture } from './nearest-protected.js'
import type { ShieldedGenerators } from './shield-generators.js'
import { writeNearestPictures } from './write-nearest-pictures.js'

/** Name of the file of evidence in a folder of pictures. */
const evidenceFile = 'shield.json'

type Requests = ShieldEvidence['requests']

/** What evidence tells of a finished picture that was compared with protected ones. */
type Finished = (
  picture: ComparedPicture | undefined,
) => Pick<BasePicture, 'finishedDistance' | 'finishedNearest'>

/**
 * Writes what the shields did beside the pictures, joined with what earlier runs of the same command left,
 * with distances of the pictures as they stand in the folder. Gives back the file.
 */
export async function writeShieldEvidence(
  drawn: ShieldedPictures,
  signal: AbortSignal,
): Promise<string> {
  const { generators, shielded, base, radii, protectedPictures } = drawn
  const { written, compared } = shielded
  const radius = radii.protection?.radius ?? null
  const path = join(written.folder, evidenceFile)
  const seen = evidenceOf(requestsOf(generators, written), drawn)
  const earlier = await earlierEvidence(path)
  const told = [...stillThere(earlier?.requests ?? [], seen.requests, written), ...seen.requests]
  const untold = evidenceOf(untoldRequests(told, drawn), drawn)
  const finished = finishedWithin(radius)
  const document: ShieldEvidence = {
    ...seen,
    requests: withFinished([...told, ...untold.requests], compared, finished),
    base: base ? baseOf(base, finished) : (earlier?.base ?? null),
  }
  const { folder } = written
  const known = protectedPictures?.pictures ?? []
  await writeNearestPictures({ folder, evidence: document, known, signal })
  await writeFileAtomic(path, `${JSON.stringify(document)}\n`)
  return path
}

const finishedWithin =
  (radius: number | null): Finished =>
  (picture) => {
    if (picture === undefined || radius === null) return { finishedDistance: null }
    const { distance, nearest: reference } = picture
    return {
      finishedDistance: distance < radius ? distance : null,
      finishedNearest: { reference, distance },
    }
  }

const keyOf = ({ prompt, seed }: { readonly prompt: string; readonly seed: number }): string =>
  JSON.stringify([prompt, seed])

function evidenceOf(
  requests: readonly RequestEvidence[],
  { generators, shielded: { written }, protectedPictures }: ShieldedPictures,
): ShieldEvidence {
  const files = new Map(written.pictures.map((row) => [keyOf(row), row.file_name]))
  return shieldEvidence({
    generator: generators.generator,
    requests,
    fileOf: (picture) => files.get(keyOf(picture)) ?? '',
    referenceOf: (row) => protectedPictures?.pictures[row]?.id ?? null,
  })
}

/**
 * What each shield of this run saw. Pictures are told of once: by the shield around protected pictures,
 * where there is one; and only those that stand in the folder, or were refused.
 */
function requestsOf(
  { protected: shielded, diversified }: ShieldedGenerators,
  { pictures }: WrittenPictures,
): readonly RequestEvidence[] {
  const files = new Set(pictures.map(keyOf))
  const told = (request: RequestEvidence) => ({
    ...request,
    pictures: request.pictures.filter(
      ({ outcome, seed }) =>
        outcome === 'rejected' || files.has(keyOf({ prompt: request.prompt, seed })),
    ),
  })
  if (shielded === null) return (diversified?.evidence ?? []).map(told)
  const callsOnly = (diversified?.evidence ?? []).map((each) => ({ ...each, pictures: [] }))
  return [...shielded.evidence.map(told), ...callsOnly]
}

async function earlierEvidence(path: string): Promise<ShieldEvidence | null> {
  const bytes = await readFile(path).catch(() => null)
  return bytes && parseShieldEvidence(new Uint8Array(bytes), { file: path })
}

/** Requests of earlier runs, without pictures that were drawn again or are no longer there. */
function stillThere(earlier: Requests, seen: Requests, { pictures }: WrittenPictures): Requests {
  const there = new Set(pictures.map((row) => row.file_name))
  for (const { file } of seen.flatMap((each) => each.pictures)) if (file) there.delete(file)
  return earlier.map((request) => ({
    ...request,
    pictures: request.pictures.filter(({ file }) => file === null || there.has(file)),
  }))
}

/**
 * Pictures of a run that was ended before it left evidence: what their metadata say, without model calls.
 * Where there are two shields, metadata tell of the other one; then nothing is told.
 */
function untoldRequests(
  told: Requests,
  { generators: { protected: guarded, diversified }, shielded: { written } }: ShieldedPictures,
): readonly RequestEvidence[] {
  const like = told.find(({ preset }) => preset === (guarded ? 'protect' : 'diversify'))
  if (like === undefined || (guarded !== null && diversified !== null)) return []
  const files = new Set(told.flatMap(({ pictures }) => pictures.map(({ file }) => file)))
  return written.pictures
    .filter(({ file_name: file, details }) => !files.has(file) && details?.['shield'] !== undefined)
    .map(({ prompt, details }) => ({
      ...like,
      prompt,
      calls: [],
      pictures: [details?.['shield'] as FinishedPicture], // Ours: the journal has its checksum.
    }))
}

/** Pictures without a shield, with what is told of them. */
function baseOf({ written, compared }: ComparedSet, finished: Finished): readonly BasePicture[] {
  const found = new Map(compared.map((each) => [each.picture.id, each]))
  return written.pictures.map(({ file_name: file, prompt, seed, sha256 }) => ({
    ...{ prompt, seed, sha256 },
    ...finished(found.get(file)),
  }))
}

/** What was found of the files, in the place of what was known of the pictures before they were written. */
function withFinished(
  requests: Requests,
  compared: readonly ComparedPicture[],
  finished: Finished,
): Requests {
  const found = new Map(compared.map((each) => [each.picture.id, each]))
  return requests.map((request) => ({
    ...request,
    pictures: request.pictures.map(({ finishedNearest: _, ...picture }) =>
      picture.file === null ? picture : { ...picture, ...finished(found.get(picture.file)) },
    ),
  }))
}
