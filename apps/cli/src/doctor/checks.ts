import { randomBytes } from 'node:crypto'
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { decodeImage, listModels, openEncoder } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { places } from '../places.js'
import type { Check } from './check.js'
import { deviceChecks } from './device-checks.js'
import { optionalChecks } from './optional-checks.js'

const GIGABYTE = 2 ** 30
const LEAST_FREE_GIGABYTES = 1
/** A PNG of one white pixel. */
const WHITE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC',
  'base64',
)

const gigabytes = (bytes: number) => `${(bytes / GIGABYTE).toFixed(1)} GB`

const node: Check = {
  name: 'Node',
  remedy: 'Install Node 20.19 or later.',
  async attempt() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    const works = major > 20 || (major === 20 && minor >= 19)
    return { works, detail: `${process.version}, ${availableParallelism()} threads` }
  },
}

const memory: Check = {
  name: 'Memory',
  remedy: 'Close other programs: less than 1 GB is free.',
  async attempt() {
    const works = freemem() >= LEAST_FREE_GIGABYTES * GIGABYTE
    return { works, detail: `${gigabytes(freemem())} free of ${gigabytes(totalmem())}` }
  },
}

const cache: Check = {
  name: 'Cache',
  remedy: 'Make the folder writable, or name another one in ASSAY_CACHE.',
  async attempt() {
    const folder = places().cache
    await mkdir(folder, { recursive: true })
    const probe = join(folder, `doctor-${randomBytes(8).toString('hex')}`)
    await writeFile(probe, 'writable')
    await rm(probe)
    const { bavail, bsize } = await statfs(folder)
    const works = bavail * bsize >= LEAST_FREE_GIGABYTES * GIGABYTE
    return { works, detail: `${folder}, ${gigabytes(bavail * bsize)} free` }
  },
}

const decoder: Check = {
  name: 'Picture decoder',
  remedy: 'Install again: sharp needs its prebuilt binary for this platform.',
  async attempt() {
    const { width, height, data } = await decodeImage(WHITE_PIXEL)
    return { works: data[0] === 255, detail: `sharp decodes (${width} × ${height})` }
  },
}

const models: Check = {
  name: 'Models',
  remedy: 'Install again: a model file is missing or was changed.',
  async attempt() {
    const engine = createEngine({ threads: 1 })
    try {
      const found = await listModels(places().models)
      for (const { folder, pins } of found) {
        await (await openEncoder({ folder, pins, engine })).close()
      }
      const ids = found.map(({ card }) => card.id).join(', ')
      return { works: found.length > 0, detail: `${engine.id} opens ${ids}; every hash is right` }
    } finally {
      await engine.close()
    }
  },
}

/** The checks of `assay doctor`. */
export const checks: readonly Check[] = [
  node,
  memory,
  cache,
  decoder,
  models,
  ...deviceChecks,
  ...optionalChecks,
]
