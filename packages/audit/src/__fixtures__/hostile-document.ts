import type { AuditMeta } from '@assay/core'
import type { AuditDocument } from '../document/audit-document.js'

/** Text that tries to leave its place in HTML. */
export const hostileText = `</code><script>window.hacked = true</script><img src=x onerror="window.hacked = true">"'\u202e]]>`

/** A meta whose single measure stands in {@link hostileDocument}. */
export const exampleMeta: AuditMeta = {
  id: 'example',
  question: 'Is it an example?',
  title: 'An example',
  failureTitle: 'No example',
  description: `Described with ${hostileText}`,
  references: [hostileText],
  measures: [
    {
      id: 'copies',
      title: 'Copies',
      description: 'Share of copies.',
      unit: 'share',
      range: [0, 1],
      higherIsBetter: false,
    },
    {
      id: 'effective',
      title: 'Effective number',
      description: 'How many.',
      unit: 'pictures',
      range: [1, null],
      higherIsBetter: true,
    },
  ],
}

/** A valid document in which every free string is hostile. */
export const hostileDocument: AuditDocument = {
  schemaVersion: 1,
  tool: { name: 'assay', version: '0.0.0', gitSha: null },
  run: {
    id: '0123456789abcdef'.repeat(4),
    config: { outputs: hostileText },
    seeds: { run: 1 },
    encoders: [
      {
        id: hostileText,
        fingerprint: 'f'.repeat(64),
        weightsSha256: 'a'.repeat(64),
        preprocessingHash: 'b'.repeat(64),
        licence: hostileText,
        commercialUse: false,
      },
    ],
    inputs: [
      {
        set: 'outputs',
        path: hostileText,
        items: 2,
        sha256: 'c'.repeat(64),
        failures: [
          {
            id: hostileText,
            stage: 'decode',
            code: 'IMAGE_CORRUPT',
            message: hostileText,
            location: { file: hostileText, row: 3 },
          },
        ],
      },
    ],
  },
  audits: [
    {
      id: 'example',
      status: 'informative',
      measures: [
        {
          id: 'copies',
          value: 0.25,
          unit: 'share',
          n: 4,
          missing: 1,
          interval: { low: 0.05, high: 0.6, level: 0.95, method: hostileText },
        },
        {
          id: 'effective',
          value: null,
          unit: 'pictures',
          n: 0,
          missing: 5,
          interval: null,
          reason: hostileText,
        },
      ],
      curves: [
        {
          id: hostileText,
          title: hostileText,
          axis: hostileText,
          points: [0, 1, 2, 4].map((at) => ({
            at,
            measure: {
              id: hostileText,
              value: at === 2 ? null : 1 - at / 4,
              unit: 'share',
              n: 4,
              missing: 0,
              interval: at === 0 ? { low: 0.9, high: 1, level: 0.95, method: hostileText } : null,
            },
          })),
        },
      ],
      findings: [
        {
          id: hostileText,
          title: hostileText,
          severity: 'high',
          items: [`outputs/${hostileText}`, 'outputs/b.png'],
          captions: [hostileText, 'what b is'],
          evidence: { cosine: 0.987654, prompt: hostileText, nested: { [hostileText]: 1 } },
        },
      ],
      warnings: [{ code: 'W', count: 2, message: hostileText }],
    },
  ],
  gates: [],
  volatile: {
    started: '2026-01-02T03:04:05.000Z',
    seconds: 1.5,
    host: hostileText,
    environment: { node: 'v20' },
  },
}
