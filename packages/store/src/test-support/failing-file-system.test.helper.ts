import type * as fs from 'node:fs/promises'

/** What a failed system call throws. */
class InjectedFault extends Error {
  readonly code: string
  readonly syscall: string

  constructor(code: string, syscall: string) {
    super(`${code}: injected, ${syscall}`)
    this.code = code
    this.syscall = syscall
  }
}

/** Makes one call to the file system fail: the n-th from `arm` on. */
export class FaultPlan {
  #left = Number.POSITIVE_INFINITY
  #code = 'EIO'
  #failed: string | null = null

  /** The n-th call from now on, counted from 1, fails with `code`; every other one is real. */
  arm(nth: number, code: string): void {
    this.#left = nth
    this.#code = code
    this.#failed = null
  }

  disarm(): void {
    this.#left = Number.POSITIVE_INFINITY
  }

  /** The call that has failed since `arm`, or null. */
  get failed(): string | null {
    return this.#failed
  }

  check(syscall: string): void {
    this.#left--
    if (this.#left !== 0) return
    this.#failed = syscall
    throw new InjectedFault(this.#code, syscall)
  }
}

type Call = (...parameters: unknown[]) => Promise<unknown>

const handleCalls = ['write', 'writeFile', 'read', 'sync', 'datasync', 'truncate', 'stat', 'close']

function failingHandle(file: fs.FileHandle, plan: FaultPlan): fs.FileHandle {
  return new Proxy(file, {
    get(target, name) {
      const value = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (typeof name !== 'string' || !handleCalls.includes(name)) return value.bind(target)
      return async (...parameters: unknown[]) => {
        // A close that fails has closed all the same.
        if (name === 'close') await target.close()
        plan.check(name)
        return name === 'close' ? undefined : Reflect.apply(value, target, parameters)
      }
    },
  })
}

/** `node:fs/promises` whose calls, also those on open files, go through a plan of faults. */
export function failingFileSystem(real: typeof fs, plan: FaultPlan): typeof fs {
  const failing = (name: string, call: Call): Call => {
    return async (...parameters) => {
      plan.check(name)
      const result = await call(...parameters)
      return name === 'open' ? failingHandle(result as fs.FileHandle, plan) : result
    }
  }
  const calls = Object.entries(real).map(([name, value]) =>
    typeof value === 'function' && name !== 'default' && name !== 'writeFile'
      ? [name, failing(name, value as Call)]
      : [name, value],
  )
  const writeFile: Call = (target, ...rest) =>
    typeof target === 'object' && target !== null && 'writeFile' in target
      ? (target as { writeFile: Call }).writeFile(...rest)
      : failing('writeFile', real.writeFile as Call)(target, ...rest)
  return { ...Object.fromEntries(calls), writeFile } as typeof fs
}
