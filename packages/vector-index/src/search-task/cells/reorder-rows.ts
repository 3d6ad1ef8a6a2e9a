/**
 * Puts rows into another order where they stand: each place gets the row whose number `numbers` tells.
 *
 * @param numbers a permutation of the row numbers
 */
export function reorderRows(data: Float32Array, columns: number, numbers: Uint32Array): void {
  const done = new Uint8Array(numbers.length)
  const held = new Float32Array(columns)
  const rowAt = (place: number) => data.subarray(place * columns, (place + 1) * columns)
  for (let start = 0; start < numbers.length; start++) {
    if (done[start]) continue
    held.set(rowAt(start))
    let place = start
    // Along the cycle, each row moves to where the last one stood.
    for (let from = numbers[place]!; from !== start; from = numbers[place]!) {
      data.copyWithin(place * columns, from * columns, (from + 1) * columns)
      done[place] = 1
      place = from
    }
    data.set(held, place * columns)
    done[place] = 1
  }
}
