// A process that draws what it is sent. It says {} when it is ready, and ends with the process that started it.
// node draw-worker.mjs MODULE SETUP_AS_JSON, by fork
import { argv } from 'node:process'

const tell = (message) => process.send?.(message, (gone) => gone && process.exit(0))
const complain = (error) => tell({ error: error?.stack ?? String(error) })

process.on('disconnect', () => process.exit(0))
try {
  const { openDrawer } = await import(argv[2])
  const draw = await openDrawer(JSON.parse(argv[3]))
  process.on('message', (job) => draw(job).then((result) => tell({ result }), complain))
  tell({})
} catch (error) {
  complain(error)
}
