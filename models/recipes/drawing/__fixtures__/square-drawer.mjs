// A drawer of numbers that notes in a file who drew what, and when its process ended.
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export async function openDrawer({ log, milliseconds = 0, broken }) {
  if (broken === 'at the start') throw new TypeError('nothing to draw with')
  const note = (what) => appendFileSync(log, `${JSON.stringify({ pid: process.pid, ...what })}\n`)
  note({ began: true })
  process.on('exit', () => note({ ended: true }))
  return async ({ id, number }) => {
    note({ drew: id })
    await sleep(milliseconds)
    const isBroken = id === 'job 5' && !existsSync(`${log}.mended`)
    if (isBroken && broken === 'job') throw new RangeError('too large to square')
    if (isBroken && broken === 'process') process.kill(process.pid, 'SIGKILL')
    return { square: number ** 2 }
  }
}
