import type { Progress } from '@assay/core'
import type { SingleBar } from 'cli-progress'

/** Seconds between two lines where there is no terminal to draw a bar on. */
const LINE_EVERY_SECONDS = 5

/** Shows progress on stderr; `end` leaves the line clean. */
export interface ProgressDisplay {
  readonly progress: Progress
  end(): void
}

/** A bar on a terminal, a line every few seconds elsewhere, nothing when quiet. */
export async function progressDisplay(options: {
  readonly quiet: boolean
}): Promise<ProgressDisplay> {
  if (options.quiet) return { progress() {}, end() {} }
  return process.stderr.isTTY ? barDisplay() : lineDisplay()
}

async function barDisplay(): Promise<ProgressDisplay> {
  const { default: cliProgress } = await import('cli-progress')
  let bar: SingleBar | null = null
  let current = ''
  const end = () => {
    bar?.stop()
    bar = null
  }
  const begin = (task: string, total: number): SingleBar => {
    end()
    current = task
    const started = new cliProgress.SingleBar({
      format: '{task} [{bar}] {value}/{total} {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    })
    started.start(total, 0, { task })
    return started
  }
  return {
    progress({ task, done, total }) {
      if (total === null) return
      if (bar === null || task !== current) bar = begin(task, total)
      bar.update(done)
    },
    end,
  }
}

function lineDisplay(): ProgressDisplay {
  let spoken = Date.now()
  return {
    progress({ task, done, total }) {
      const now = Date.now()
      const finished = done === total
      if (!finished && now - spoken < LINE_EVERY_SECONDS * 1000) return
      spoken = now
      process.stderr.write(`${task}: ${done}${total === null ? '' : ` of ${total}`}\n`)
    },
    end() {},
  }
}
