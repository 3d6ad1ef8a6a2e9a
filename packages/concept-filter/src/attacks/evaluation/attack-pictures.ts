import { type ItemFailure, itemFailure, type Progress } from '@assay/core'
import type { AttackResult } from '../search/attack-result.js'

/** What is attacked, and how. */
export interface AttackPicturesOptions<Item extends { readonly id: string }> {
  readonly items: readonly Item[]
  /**
   * One attack on one item. The seed differs between items and is the same in any order of them; hand it on.
   */
  attack(item: Item, seed: string): Promise<AttackResult>
  /** Default: 0 */
  readonly seed?: number | string
  readonly progress?: Progress
}

/** One attacked item. */
export interface AttackAttempt {
  readonly id: string
  readonly result: AttackResult
}

/** Attacks on a set. */
export interface AttackedPictures {
  readonly attempts: readonly AttackAttempt[]
  readonly failures: readonly ItemFailure[]
}

/**
 * Attacks items one after another. One that cannot be attacked is a failure in the result and does not stop
 * the others.
 *
 * @throws AssayError `ABORTED` from an attack that was told to stop
 */
export async function attackPictures<Item extends { readonly id: string }>({
  items,
  attack,
  seed = 0,
  progress,
}: AttackPicturesOptions<Item>): Promise<AttackedPictures> {
  const attempts: AttackAttempt[] = []
  const failures: ItemFailure[] = []
  for (const [at, item] of items.entries()) {
    try {
      attempts.push({ id: item.id, result: await attack(item, `${seed}/${item.id}`) })
    } catch (error) {
      failures.push(itemFailure(item.id, 'attack', error))
    }
    progress?.({ task: 'attack pictures', done: at + 1, total: items.length })
  }
  return { attempts, failures }
}
