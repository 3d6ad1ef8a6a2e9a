/** Decodes the file that it is given, and tells the outcome, the time and how far the memory has grown at its most; Linux only. */
import { readFileSync } from 'node:fs'
import { decodeImage } from '../../dist/index.js'

/** A picture of one white pixel, decoded first, so that all code is loaded. */
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADElEQVQImWP4//8/AAX+Av5Y8msOAAAAAElFTkSuQmCC'
await decodeImage(Buffer.from(pixel, 'base64'))

const bytes = readFileSync(process.argv[2])
const before = process.memoryUsage.rss()
const started = performance.now()
const code = await decodeImage(bytes).then(
  () => 'pixels',
  (error) => error.code,
)
const milliseconds = performance.now() - started
// The most that it ever held; `maxRSS` would count what the process held that started this one.
const [, most] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
const grownMebibytes = (Number(most) * 1024 - before) / 2 ** 20
process.stdout.write(JSON.stringify({ code, milliseconds, grownMebibytes }))
