// Stage 1: every picture of the world as 64 x 64 RGBA, with its names.
// node render.mjs --npm FOLDER_WITH_node_modules --clip-art FOLDER_OF_dpkg_-x --out FOLDER
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CLIP_ART_FOLDERS, EMOJI_GROUPS, EMOJI_STYLES, family, slug, words } from './sources.mjs'

const SIDE = 64
const MINIMUM_COVERAGE = 0.02
const IN_FLIGHT = 3

const { values: flags } = parseArgs({
  options: { npm: { type: 'string' }, 'clip-art': { type: 'string' }, out: { type: 'string' } },
})
const require = createRequire(join(resolve(flags.npm), 'package.json'))
const sharp = require('sharp')
sharp.concurrency(1)

/** The emoji concepts: one per code point sequence, without skin tones, flags and components. */
function concepts() {
  return require('emojibase-data/en/data.json')
    .filter((entry) => EMOJI_GROUPS.has(entry.group))
    .map((entry) => ({
      concept: entry.hexcode.toLowerCase(),
      name: entry.label.replace(/[’]/g, "'").replace(/[“”]/g, '').toLowerCase(),
      slug: slug(entry.label),
      family: family(entry.label),
      group: EMOJI_GROUPS.get(entry.group),
      tags: [...new Set((entry.tags ?? []).map(words).filter(Boolean))],
    }))
}

/** One job per emoji picture: the icon found by name, by code point, or by squashed name. */
function emojiJobs({ style, package: name, licence }) {
  const { icons, aliases = {}, width: setWidth, height: setHeight } = require(
    `@iconify-json/${name}/icons.json`,
  )
  const characters = {
    ...require('@iconify-json/fluent-emoji-flat/chars.json'),
    ...require(`@iconify-json/${name}/chars.json`),
  }
  const used = new Set()
  const jobs = []
  for (const concept of concepts()) {
    const candidates = [
      concept.slug,
      characters[concept.concept],
      characters[concept.concept.replace(/-?fe0f/g, '')],
      concept.slug.replace(/-/g, ''),
    ]
    const found = candidates.find((key) => key !== undefined && (icons[key] || aliases[key]))
    const key = icons[found] ? found : aliases[found]?.parent
    const icon = icons[key]
    if (!icon || used.has(key)) continue
    used.add(key)
    const width = icon.width ?? setWidth ?? 16
    const height = icon.height ?? setHeight ?? 16
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${icon.left ?? 0} ${icon.top ?? 0} ${width} ${height}" width="${SIDE * 2}" height="${(SIDE * 2 * height) / width}">${icon.body}</svg>`
    const { slug: _, ...names } = concept
    jobs.push({
      row: {
        id: `${style}/${concept.slug}`,
        style,
        ...names,
        licence,
        source: `@iconify-json/${name}:${key}`,
      },
      input: Buffer.from(svg),
    })
  }
  return jobs
}

const DULL_TITLE =
  /flat icon|collection|untitled|unknown|drawing|template|clip ?art|^(a|the|icon|image|picture|item)$/

/** Metadata of a clip-art SVG, or null where the file has no public-domain mark or no usable title. */
function clipArtNames(svg) {
  const metadata = svg.match(/<metadata[\s\S]*?<\/metadata>/)?.[0] ?? ''
  if (!/public ?domain/i.test(metadata)) return null
  const work = metadata.match(/<cc:Work[\s\S]*?<\/cc:Work>/)?.[0] ?? metadata
  const title = words((work.match(/<dc:title>([^<]*)</)?.[1] ?? '').replace(/&[a-z#0-9]+;/g, ' '))
  if (title.length < 3 || title.length > 40 || DULL_TITLE.test(title)) return null
  const people = new Set(
    [...work.matchAll(/<cc:Agent[\s\S]*?<dc:title>([^<]*)</g)].map((match) => words(match[1])),
  )
  const tags = [...work.matchAll(/<rdf:li>([^<]*)</g)].map((match) => words(match[1]))
  return {
    name: title.split(' ').slice(0, 6).join(' '),
    tags: [...new Set(tags)].filter(
      (tag) =>
        tag.length > 2 &&
        tag.length < 24 &&
        !people.has(tag) &&
        !DULL_TITLE.test(tag) &&
        tag !== title,
    ),
  }
}

/** One job per clip-art picture in the kept folders, in path order. */
async function clipArtJobs(root) {
  const base = join(root, 'usr/share/openclipart')
  const jobs = []
  let refused = 0
  for (const [folder, group] of CLIP_ART_FOLDERS) {
    const files = (await readdir(join(base, 'svg', folder), { recursive: true })).filter((f) =>
      f.endsWith('.svg'),
    )
    for (const file of files.sort()) {
      const names = clipArtNames(await readFile(join(base, 'svg', folder, file), 'utf8'))
      if (!names) {
        refused += 1
        continue
      }
      const path = `${folder}/${file.slice(0, -4)}`
      jobs.push({
        row: {
          id: `clipart/${path}`,
          style: 'clipart',
          concept: `clipart:${names.name}`,
          name: names.name,
          family: names.name,
          group,
          tags: names.tags,
          licence: 'public-domain',
          source: `openclipart 0.18+dfsg:${path}`,
        },
        input: join(base, 'png', `${path}.png`),
        trim: true,
      })
    }
  }
  console.log(`clip art without public-domain mark or usable title: ${refused}`)
  return jobs
}

/** Pixels of one job, or null where the picture is unreadable or near-empty. */
async function render({ input, trim }) {
  try {
    let picture = sharp(input, { limitInputPixels: 64e6 }).toColourspace('srgb').ensureAlpha()
    if (trim) picture = sharp(await picture.trim({ threshold: 5 }).png().toBuffer())
    const pixels = await picture
      .resize(SIDE, SIDE, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .ensureAlpha()
      .raw()
      .toBuffer()
    let covered = 0
    for (let i = 3; i < pixels.length; i += 4) covered += pixels[i] > 32 ? 1 : 0
    return covered >= MINIMUM_COVERAGE * SIDE * SIDE && pixels.length === SIDE * SIDE * 4
      ? pixels
      : null
  } catch {
    return null
  }
}

const out = resolve(flags.out)
await mkdir(out, { recursive: true })
const jobs = [
  ...EMOJI_STYLES.flatMap(emojiJobs),
  ...(await clipArtJobs(resolve(flags['clip-art']))),
]
const stream = createWriteStream(join(out, 'pictures.rgba'))
const rows = []
const counts = {}
for (let start = 0; start < jobs.length; start += IN_FLIGHT) {
  const batch = jobs.slice(start, start + IN_FLIGHT)
  const rendered = await Promise.all(batch.map(render))
  for (const [offset, pixels] of rendered.entries()) {
    if (!pixels) continue
    rows.push(batch[offset].row)
    counts[batch[offset].row.style] = (counts[batch[offset].row.style] ?? 0) + 1
    if (!stream.write(pixels)) await new Promise((drained) => stream.once('drain', drained))
  }
}
await new Promise((closed) => stream.end(closed))
await writeFile(join(out, 'pictures.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
console.log(JSON.stringify({ jobs: jobs.length, pictures: rows.length, counts }))
