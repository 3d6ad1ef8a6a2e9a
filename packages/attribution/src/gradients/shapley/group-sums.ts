import { AssayError } from '@assay/core'

/**
 * The sum of additive values by group, largest first; items without a group are left out.
 *
 * @throws AssayError `SHAPE_MISMATCH`
 */
export function groupSums(
  values: ArrayLike<number>,
  groups: readonly (string | null)[],
): { readonly group: string; readonly value: number; readonly items: number }[] {
  if (values.length !== groups.length) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `There are ${groups.length} groups for ${values.length} values.`,
      value: groups.length,
      remedy: 'Give one group, or null, for each value.',
    })
  }
  const sums = new Map<string, { value: number; items: number }>()
  groups.forEach((group, item) => {
    if (group === null) return
    const sum = sums.get(group) ?? { value: 0, items: 0 }
    sums.set(group, { value: sum.value + values[item]!, items: sum.items + 1 })
  })
  return [...sums]
    .map(([group, sum]) => ({ group, ...sum }))
    .sort((a, b) => b.value - a.value || (a.group < b.group ? -1 : 1))
}
