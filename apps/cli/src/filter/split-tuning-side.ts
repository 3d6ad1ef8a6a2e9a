import type { TuningSide } from '@assay/concept-filter/train'
import { selectRows } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'

/** Every third prompt tells when to stop, and is not learned from. */
const HELD_BACK = 3

/** One side of tuning pictures in two parts that share no prompt. */
export function splitTuningSide(side: TuningSide & { readonly prompts: readonly ClusterId[] }): {
  readonly training: TuningSide
  readonly validation: TuningSide
} {
  const numbers = new Map([...new Set(side.prompts)].map((prompt, at) => [prompt, at]))
  const isHeldBack = (prompt: ClusterId) => (numbers.get(prompt) ?? 0) % HELD_BACK === 0
  const part = (isMeant: (prompt: ClusterId) => boolean): TuningSide => {
    const rows = side.prompts.flatMap((prompt, row) => (isMeant(prompt) ? [row] : []))
    return {
      embeddings: selectRows(side.embeddings, rows),
      prompts: rows.map((row) => side.prompts[row] ?? ''),
      ...(side.promptEmbeddings && { promptEmbeddings: selectRows(side.promptEmbeddings, rows) }),
    }
  }
  return { training: part((prompt) => !isHeldBack(prompt)), validation: part(isHeldBack) }
}
