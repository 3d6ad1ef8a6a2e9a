/** The place of each id in ascending order (by UTF-16 code units, as `<` compares strings). */
export function rankIds(ids: readonly string[]): Uint32Array {
  const rows = Uint32Array.from(ids.keys()).sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1))
  const places = new Uint32Array(ids.length)
  rows.forEach((row, place) => {
    places[row] = place
  })
  return places
}
