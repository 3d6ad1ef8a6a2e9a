import { milliseconds } from './milliseconds.js'

/** Bytes that must arrive within the time, so that a trickle counts as a stall too. */
const LEAST_BYTES = 1024

/** A watch over an answer that has begun. */
export interface StallWatch {
  /** Aborts when too little arrives. */
  readonly signal: AbortSignal
  /** Begins to watch: before, the service is drawing, and silent. */
  begin(): void
  /** Tells of bytes that have arrived. */
  received(bytes: number): void
  end(): void
}

/** Watches that something arrives: the signal aborts `seconds` after the last 1,024 bytes began. */
export function watchStall(seconds: number): StallWatch {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let since = 0
  return {
    signal: controller.signal,
    begin() {
      timer = setTimeout(() => controller.abort(), milliseconds(seconds))
    },
    received(bytes) {
      since += bytes
      if (since < LEAST_BYTES) return
      since = 0
      timer?.refresh()
    },
    end() {
      clearTimeout(timer)
    },
  }
}
