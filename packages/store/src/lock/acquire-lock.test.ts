import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { describe, expect, it, vi } from 'vitest'
import { type Child, startChild } from '../test-support/child-process.test.helper.js'
import { FaultPlan, failingFileSystem } from '../test-support/failing-file-system.test.helper.js'
import { temporaryFolder } from '../test-support/temporary-folder.test.helper.js'
import { acquireLock, type Lock } from './acquire-lock.js'
import { ownMark } from './process-mark.js'

const plan = vi.hoisted(() => ({ current: null as FaultPlan | null, links: true }))

vi.mock('node:fs/promises', async (importOriginal) => {
  plan.current = new FaultPlan()
  const failing = failingFileSystem(
    await importOriginal<typeof import('node:fs/promises')>(),
    plan.current,
  )
  const link: typeof failing.link = (existing, created) => {
    const error = Object.assign(new Error('no links'), { code: 'EPERM', syscall: 'link' })
    return plan.links ? failing.link(existing, created) : Promise.reject(error)
  }
  return { ...failing, link }
})

const path = temporaryFolder()
const token = 'a'.repeat(32)

/** The pid of a process that has just ended. */
async function deadPid(): Promise<number> {
  const child = startChild('turns', path('other'), '0')
  await child.ended()
  return child.process.pid ?? 0
}

const owner = (change: object) =>
  JSON.stringify({
    pid: process.pid,
    host: hostname(),
    started: '2024-01-01T00:00:00.000Z',
    mark: ownMark(),
    token,
    ...change,
  })

describe('acquireLock', () => {
  it('refuses a second owner, naming the first, until the first gives back', async () => {
    const lock = await acquireLock(path('lock'))
    await expect(acquireLock(path('lock'))).rejects.toMatchObject({
      code: 'LOCKED',
      value: process.pid,
      location: { file: path('lock') },
    })
    lock.release()
    lock.release()
    expect(readdirSync(path())).toEqual([])
    const again = await acquireLock(path('lock'))
    again.release()
  })

  it('says in its file who holds it', async () => {
    const lock = await acquireLock(path('lock'))
    expect(JSON.parse(readFileSync(path('lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
      host: hostname(),
      started: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    lock.release()
  })

  it('waits for the owner as long as it is told', async () => {
    const lock = await acquireLock(path('lock'))
    setTimeout(() => lock.release(), 120)
    const second = await acquireLock(path('lock'), { wait: 10 })
    await expect(acquireLock(path('lock'), { wait: 0.1 })).rejects.toMatchObject({ code: 'LOCKED' })
    second.release()
  })

  it('stops waiting when it is aborted', async () => {
    const lock = await acquireLock(path('lock'))
    const signal = AbortSignal.timeout(80)
    const waiting = acquireLock(path('lock'), { wait: 30, signal })
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' })
    lock.release()
  })

  it('takes over from an owner that has died', async () => {
    writeFileSync(path('lock'), owner({ pid: await deadPid(), mark: null }))
    const lock = await acquireLock(path('lock'))
    expect(JSON.parse(readFileSync(path('lock'), 'utf8'))).toMatchObject({ pid: process.pid })
    lock.release()
    expect(readdirSync(path())).toEqual([])
  })

  it.skipIf(process.platform !== 'linux')('knows a later process of the same number', async () => {
    writeFileSync(path('lock'), owner({ mark: '1' }))
    const lock = await acquireLock(path('lock'))
    lock.release()
  })

  it('takes over from a taker that has died while taking over', async () => {
    const pid = await deadPid()
    writeFileSync(path('lock'), owner({ pid, mark: null }))
    const dead = owner({ pid, mark: null, token: 'b'.repeat(32) })
    writeFileSync(path(`lock.${token}`), dead)
    const lock = await acquireLock(path('lock'))
    lock.release()
    expect(readdirSync(path())).toEqual([])
  })

  it.each([
    ['an owner on another host', () => owner({ host: 'elsewhere', pid: 999_999_999 }), 999_999_999],
    ['a file that names nobody', () => 'not JSON', null],
    ['a token that is a path', () => owner({ token: '../../x' }), null],
  ])('never takes over from %s', async (_, content, value) => {
    writeFileSync(path('lock'), content())
    await expect(acquireLock(path('lock'))).rejects.toMatchObject({ code: 'LOCKED', value })
    expect(readFileSync(path('lock'), 'utf8')).toBe(content())
  })

  it('does not remove the lock of another owner', async () => {
    const lock = await acquireLock(path('lock'))
    writeFileSync(path('lock'), owner({ host: 'elsewhere' }))
    lock.release()
    expect(existsSync(path('lock'))).toBe(true)
  })

  it('works on a file system without links', async () => {
    plan.links = false
    const lock = await acquireLock(path('lock'))
    await expect(acquireLock(path('lock'))).rejects.toMatchObject({ code: 'LOCKED' })
    lock.release()
    plan.links = true
    expect(readdirSync(path())).toEqual([])
  })

  it('leaves no file behind whichever call fails', async () => {
    const faults = plan.current ?? expect.fail('the file system is not mocked')
    const stale = owner({ pid: await deadPid(), mark: null })
    for (let nth = 1, failed: string | null = ''; failed !== null; nth++) {
      writeFileSync(path('lock'), stale)
      faults.arm(nth, 'EIO')
      const outcome = await acquireLock(path('lock')).catch((error: unknown) => error)
      failed = faults.failed
      faults.disarm()
      if (failed === null || failed === 'rm') (outcome as Lock).release()
      else expect(outcome, `call ${nth}`).toMatchObject({ code: 'FILE_WRITE_FAILED' })
      const left = readdirSync(path()).filter((name) => name !== 'lock')
      if (failed !== 'rm') expect(left).toEqual([])
      for (const name of left) rmSync(path(name))
    }
    expect(existsSync(path('lock'))).toBe(false)
  })

  it('says so when the folder is missing', async () => {
    await expect(acquireLock(path('no', 'lock'))).rejects.toMatchObject({
      code: 'FILE_WRITE_FAILED',
    })
  })
})

describe('acquireLock between processes', () => {
  const start = () => String(Date.now() + 400)

  async function compete(count: number): Promise<{ winner: Child; losers: Child[] }> {
    const at = start()
    const children = Array.from({ length: count }, () => startChild('lock', path('lock'), at))
    const deadline = Date.now() + 20_000
    while (children.some((child) => child.output() === '') && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const winners = children.filter((child) => child.output() === 'held\n')
    expect(winners).toHaveLength(1)
    const [winner] = winners as [Child]
    return { winner, losers: children.filter((child) => child !== winner) }
  }

  it('lets exactly one of eight in and names it to the others', async () => {
    const { winner, losers } = await compete(8)
    const refusals = losers.map((child) => child.output())
    expect(refusals).toEqual(losers.map(() => `LOCKED ${winner.process.pid}\n`))
    winner.process.stdin?.write('\n')
    await winner.ended()
    expect(existsSync(path('lock'))).toBe(false)
  })

  it('lets exactly one of six take over from a killed owner', async () => {
    const { winner } = await compete(1)
    winner.process.kill('SIGKILL')
    await winner.ended()
    expect(existsSync(path('lock'))).toBe(true)
    const next = await compete(6)
    expect(next.winner.process.pid).not.toBe(winner.process.pid)
    next.winner.process.stdin?.write('\n')
    await next.winner.ended()
    expect(readdirSync(path())).toEqual([])
  })

  it('lets two processes in only one after the other', async () => {
    const log = path('log')
    const children = [1, 2].map(() => startChild('turns', path('lock'), '20', log))
    await Promise.all(children.map((child) => child.ended()))
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(80)
    const turns = lines.filter((line) => line.startsWith('in'))
    const alternating = turns.flatMap((line) => [line, line.replace('in', 'out')])
    expect(lines).toEqual(alternating)
    expect(readdirSync(path())).toEqual(['log'])
  })
})
