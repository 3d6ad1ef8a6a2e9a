import type { Finding } from '@assay/core'
import { expect, it } from 'vitest'
import { shownFindings } from './shown-findings.js'

const findings = (severity: Finding['severity'], count: number): Finding[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ id: `${severity} ${at}`, title: 'Found', severity, items: [], evidence: {} },
  }))

it('shows the first of each severity, in their order, however many there are of another', () => {
  const shown = shownFindings([...findings('high', 1000), ...findings('information', 3)])
  expect(shown).toHaveLength(27)
  expect(shown[23]?.id).toBe('high 23')
  expect(shown.slice(24).map(({ id }) => id)).toEqual([0, 1, 2].map((at) => `information ${at}`))
})
