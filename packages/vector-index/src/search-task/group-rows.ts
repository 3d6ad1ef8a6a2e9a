/**
 * Rows a group: of each group only the best estimate leaves the graph. Larger groups mean fewer numbers
 * to look through, smaller ones fewer rows to compute again.
 */
export const groupRows = 32
