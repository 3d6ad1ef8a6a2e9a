/** Bytes that must arrive within the time, so that a trickle counts as a stall too. */
const LEAST_BYTES = 1024

/** A watch over a transfer. */
export interface StallWatch {
  /** Aborts when too little arrives. */
  readonly signal: AbortSignal
  /** Tells of bytes that have arrived. */
  received(bytes: number): void
  /** Ends the watch. */
  end(): void
}

/** Watches that something arrives: the signal aborts `seconds` after the last 1,024 bytes began. */
export function watchStall(seconds: number): StallWatch {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), seconds * 1000)
  let since = 0
  return {
    signal: controller.signal,
    received(bytes) {
      since += bytes
      if (since < LEAST_BYTES) return
      since = 0
      timer.refresh()
    },
    end() {
      clearTimeout(timer)
    },
  }
}
