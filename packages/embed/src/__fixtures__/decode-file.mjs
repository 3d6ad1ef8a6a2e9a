/** Decodes the file that it is given, and tells the outcome and how far the memory has grown at its most. */
import { readFileSync } from 'node:fs'
import { decodeImage } from '../../dist/index.js'

/** A picture of one white pixel, decoded first, so that all code is loaded. */
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=='
await decodeImage(Buffer.from(pixel, 'base64'))

const bytes = readFileSync(process.argv[2])
const before = process.memoryUsage.rss()
const code = await decodeImage(bytes).then(
  () => 'pixels',
  (error) => error.code,
)
// The most that it ever held, in KiB.
const most = process.resourceUsage().maxRSS * 1024
const grownMebibytes = (most - before) / 2 ** 20
process.stdout.write(JSON.stringify({ code, grownMebibytes }))
