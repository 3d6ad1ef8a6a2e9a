import {
  AssayError,
  type Audit,
  type AuditContext,
  type AuditSet,
  createMatrix,
  createRandom,
} from '@assay/core'
import { describe, expect, it } from 'vitest'
import { judge } from './judge.js'

const outputs: AuditSet = {
  items: [{ id: 'a', path: 'a', prompt: null, metadata: {} }],
  embeddings: createMatrix({ data: [[1, 0]], ids: ['a'] }),
  promptEmbeddings: null,
  truncatedPrompts: [],
  failures: [],
}

function context(signal = new AbortController().signal): AuditContext {
  return {
    inputs: {
      outputs,
      protected: null,
      reference: null,
      training: null,
      generator: null,
      classifier: null,
      textEncoder: null,
    },
    nearDuplicateThreshold: null,
    engine: null,
    files: new Map(),
    pictureSets: new Map(),
    createIndex: () => Promise.reject(new Error('no index here')),
    random: createRandom(1),
    progress() {},
    signal,
  }
}

function audit(overrides: Partial<Audit>): Audit {
  return {
    specificationVersion: 1,
    meta: {
      id: 'example',
      question: 'Is it an example?',
      title: 'It is',
      failureTitle: 'It is not',
      description: 'An example.',
      references: ['none'],
      measures: [
        {
          id: 'share',
          title: '',
          description: '',
          unit: 'share',
          range: [0, 1],
          higherIsBetter: null,
        },
      ],
    },
    needs: ['outputs'],
    parseOptions: (options) => options,
    run: async () => ({
      id: 'example',
      status: 'informative',
      measures: [],
      findings: [],
      warnings: [],
      items: [],
    }),
    ...overrides,
  }
}

describe('judge', () => {
  it('returns what the audit says', async () => {
    const result = await judge({ audit: audit({}), options: {} }, context())
    expect(result.status).toBe('informative')
  })

  it.each([
    'protected-set',
    'reference-set',
    'training-set',
    'text-encoder',
    'prompts',
    'generator',
    'classifier',
  ] as const)(
    'finds an audit not applicable without its %s, and says so for every measure',
    async (need) => {
      const result = await judge(
        { audit: audit({ needs: ['outputs', need] }), options: {} },
        context(),
      )
      expect(result.status).toBe('notApplicable')
      expect(result.measures).toMatchObject([{ id: 'share', value: null, interval: null }])
      expect(result.measures[0]?.reason).toContain(need)
    },
  )

  it.each([
    ['IMAGE_CORRUPT', new AssayError({ code: 'IMAGE_CORRUPT', message: 'Bad.', remedy: 'Mend.' })],
    ['INTERNAL', new TypeError('oops')],
  ])('turns a thrown error into the status error with the code %s', async (code, thrown) => {
    const broken = audit({ run: () => Promise.reject(thrown) })
    const result = await judge({ audit: broken, options: {} }, context())
    expect(result.status).toBe('error')
    expect(result.warnings[0]?.code).toBe(code)
    expect(result.measures[0]?.value).toBeNull()
  })

  it('passes an abort on', async () => {
    const controller = new AbortController()
    const aborted = audit({
      run: async () => {
        controller.abort()
        throw controller.signal.reason
      },
    })
    await expect(
      judge({ audit: aborted, options: {} }, context(controller.signal)),
    ).rejects.toThrow()
  })
})
