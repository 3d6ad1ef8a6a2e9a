import { describe, expect, it } from 'vitest'
import type { ConditionForm } from './denoiser-graph.js'
import type { Specification } from './number-tensor.js'
import { timestepFeed } from './timestep-feed.js'

const graph = (form: ConditionForm, timestep: Pick<Specification, 'type' | 'shape'>) => {
  const shape = ['batch_size', 4, 'height', 'width']
  const sample: Specification = { name: 'sample', type: 'float32', shape }
  return { form, sample, timestep: { name: 'timestep', ...timestep } }
}

describe('timestepFeed', () => {
  it.each<[string, ConditionForm, Specification['shape'], readonly number[]]>([
    ['a scalar', 'states', [], []],
    ['one for all rows of a U-Net', 'states', ['steps'], [1]],
    ['one for all rows where the graph has room for one', 'states-and-pooled', [1], [1]],
    ['one a row of a transformer', 'states-and-pooled', ['step'], [3]],
    ['one a row where the size is that of the batch', 'states', ['batch_size'], [3]],
  ])('is %s', (_, form, shape, dims) => {
    const { dims: got, data } = timestepFeed(graph(form, { type: 'float32', shape }), 500.5, 3)
    expect(got).toEqual(dims)
    expect([...data]).toEqual(new Array(dims[0] ?? 1).fill(500.5))
  })

  it('is the nearest whole number where the graph takes whole numbers', () => {
    const { data } = timestepFeed(graph('states', { type: 'int64', shape: [] }), 978.6, 2)
    expect([...data]).toEqual([979n])
  })
})
