/** How many pairs stand in falling order; a merge sort in O(n log n). Sorts the list in place. */
export function countInversions(values: Float64Array): number {
  let from = values
  let to: Float64Array = new Float64Array(values.length)
  let inversions = 0
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length)
      const end = Math.min(start + 2 * width, values.length)
      let left = start
      let right = middle
      for (let at = start; at < end; at += 1) {
        const takeLeft = right >= end || (left < middle && from[left]! <= from[right]!)
        if (takeLeft) {
          to[at] = from[left]!
          left += 1
        } else {
          to[at] = from[right]!
          right += 1
          inversions += middle - left
        }
      }
    }
    const filled = to
    to = from
    from = filled
  }
  return inversions
}
