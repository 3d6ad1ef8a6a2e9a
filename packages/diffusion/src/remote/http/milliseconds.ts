/** Longest time of a timer, in milliseconds; a longer one would ring at once. */
const LONGEST = 2 ** 31 - 1

/** Seconds as a timer takes them. */
export const milliseconds = (seconds: number): number => Math.min(seconds * 1000, LONGEST)
