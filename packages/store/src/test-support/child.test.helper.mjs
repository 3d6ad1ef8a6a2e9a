// Scenarios that need a process of their own; they run on the built package.
import { once } from 'node:events'
import { appendFileSync, writeSync } from 'node:fs'
import { acquireLock, openCache, openJournal, sha256 } from '../../dist/index.js'

const print = (text) => writeSync(1, `${text}\n`)

const scenarios = {
  /** Takes a lock at the moment that `start` names, holds it until a line comes in, and exits. */
  async lock(path, start) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, Number(start) - Date.now())))
    try {
      await acquireLock(path)
      print('held')
      await once(process.stdin, 'data')
    } catch (error) {
      print(`${error.code} ${error.value}`)
    }
    process.exit()
  },

  /** Takes and gives back a lock `count` times, and says so in a file that it shares with others. */
  async turns(path, count, log) {
    for (let turn = 0; turn < Number(count); turn++) {
      const lock = await acquireLock(path, { wait: 30 })
      appendFileSync(log, `in ${process.pid}\n`)
      await new Promise((resolve) => setImmediate(resolve))
      appendFileSync(log, `out ${process.pid}\n`)
      lock.release()
    }
  },

  /** Appends records for ever and prints the number of each after it was acknowledged. */
  async journal(path) {
    const journal = await openJournal(path)
    const padding = 'x'.repeat(5000)
    for (let number = journal.records; ; number++) {
      journal.append({ number, padding: padding.slice(0, (number * 37) % padding.length) })
      print(`${number};`)
      if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
  },

  /** Sets and gets the same keys as every other process, for `rounds` rounds. */
  async cache(folder, rounds) {
    const cache = openCache(folder)
    let wrong = 0
    for (let round = 0; round < Number(rounds); round++) {
      for (let item = 0; item < 20; item++) {
        const key = sha256(`item ${item}`)
        const found = await cache.get(key)
        if (found && Buffer.from(found).toString() !== `content of ${item}`) wrong++
        await cache.set(key, Buffer.from(`content of ${item}`))
      }
    }
    print(`wrong ${wrong}, corrupt ${cache.counts.corrupt}`)
  },
}

const [scenario, ...parameters] = process.argv.slice(2)
await scenarios[scenario](...parameters)
