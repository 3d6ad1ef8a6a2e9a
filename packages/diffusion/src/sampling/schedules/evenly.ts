/** Evenly spaced numbers, both ends included; one number is the first. */
export const evenly = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) =>
    at === 0 ? from : from + ((to - from) * at) / (count - 1),
  )
