import type { Finding } from '@assay/core'

/** Findings of one severity that the page shows; all of them stand in audit.json. */
const most = 24

/** The findings that the page shows: the first of each severity, so that many grave ones hide no others. */
export function shownFindings(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<Finding['severity'], number>()
  return findings.filter(({ severity }) => {
    const count = counts.get(severity) ?? 0
    counts.set(severity, count + 1)
    return count < most
  })
}
