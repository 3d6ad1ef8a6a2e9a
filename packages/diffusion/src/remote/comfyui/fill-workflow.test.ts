import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thrown } from '../__fixtures__/drawn.js'
import { workflow } from '../__fixtures__/services.js'
import { fillWorkflow, readTemplate, valuesOf } from './fill-workflow.js'

const node = (inputs: Readonly<Record<string, unknown>>) => ({ class_type: 'Node', inputs })

describe('fillWorkflow', () => {
  it('makes numbers of placeholders that stand alone, and text of others', () => {
    const template = readTemplate({
      '1': node({
        text: 'photo of {{prompt}}, {{ prompt }}',
        seed: '{{seed}}',
        name: 'seed-{{seed}}',
        size: ['{{width}}', '{{ height }}'],
        link: ['4', 0],
        on: true,
      }),
    })
    const values = { prompt: 'a fox', seed: 3, width: 64, height: 32 }
    expect(fillWorkflow(template, values)).toEqual({
      '1': node({
        text: 'photo of a fox, a fox',
        seed: 3,
        name: 'seed-3',
        size: [64, 32],
        link: ['4', 0],
        on: true,
      }),
    })
  })

  it('keeps any prompt as it is, also one that looks like a placeholder or like JSON', () => {
    const template = readTemplate(workflow)
    const pieces = fc.constantFrom(
      '{{seed}}',
      '{{prompt}}',
      '{{',
      '}}',
      '"',
      '\\',
      '$&',
      '$1',
      '\n',
      '🦊',
      '\u0000',
    )
    const text = fc
      .array(fc.oneof(pieces, fc.string()), { maxLength: 8 })
      .map((all) => all.join(''))
    fc.assert(
      fc.property(text, text, fc.nat(), (prompt, negativePrompt, seed) => {
        const request = { prompt, negativePrompt, count: 1, seed }
        const filled = fillWorkflow(template, valuesOf(request, seed, {}))
        const expected = structuredClone(workflow) as Record<
          string,
          { inputs: Record<string, unknown> }
        >
        for (const [id, name, value] of [
          ['3', 'seed', seed],
          ['6', 'text', prompt],
          ['7', 'text', negativePrompt],
        ] as const) {
          const inputs = expected[id]?.inputs
          if (inputs) inputs[name] = value
        }
        expect(JSON.parse(JSON.stringify(filled))).toEqual(JSON.parse(JSON.stringify(expected)))
      }),
      { seed: 6, numRuns: 500 },
    )
  })

  it('leaves the template as it was', () => {
    const before = structuredClone(workflow)
    fillWorkflow(readTemplate(workflow), { prompt: 'a', negativePrompt: 'b', seed: 1 })
    expect(workflow).toEqual(before)
  })

  it('names a placeholder that has no value', () => {
    const template = readTemplate({ '1': node({ a: '{{prompt}}{{seed}}', width: '{{width}}' }) })
    const error = thrown(() => fillWorkflow(template, { prompt: 'a', seed: 1 }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', value: 'width' })
    expect(error.remedy).toContain('defaults')
  })
})

describe('valuesOf', () => {
  it('prefers the request to the defaults', () => {
    const request = { prompt: 'a', count: 1, seed: 3, width: 64, height: 64 }
    const defaults = { negativePrompt: 'fog', width: 512, steps: 20 }
    expect(valuesOf(request, 5, defaults)).toEqual({
      prompt: 'a',
      seed: 5,
      negativePrompt: 'fog',
      width: 64,
      height: 64,
      steps: 20,
    })
  })
})

describe('readTemplate', () => {
  it.each([
    ['nothing', {}],
    ['what the editor saves', { nodes: [], links: [], version: 0.4 }],
    ['nodes without a type', { '1': { inputs: { text: '{{prompt}}{{seed}}' } } }],
  ])('takes no %s for a workflow', (_, given) => {
    const error = thrown(() => readTemplate(given))
    expect(error.code).toBe('INVALID_ARGUMENT')
    expect(error.remedy).toContain('Export (API)')
  })

  it.each(['prompt', 'seed'])('wants a place for the %s: all pictures would be one', (name) => {
    const other = name === 'prompt' ? 'seed' : 'prompt'
    const error = thrown(() => readTemplate({ '1': node({ a: `{{${other}}}` }) }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', value: name })
  })

  it('names the placeholder that was probably meant', () => {
    const error = thrown(() => readTemplate({ '1': node({ a: '{{negative_prompt}}' }) }))
    expect(error.remedy).toContain('{{negativePrompt}}')
    const far = thrown(() => readTemplate({ '1': node({ a: '{{checkpoint}}' }) }))
    expect(far.remedy).toContain('guidanceScale')
  })
})
