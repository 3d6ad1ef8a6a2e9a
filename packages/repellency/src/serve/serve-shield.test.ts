import { writeNpy } from '@assay/core/formats'
import { describe, expect, it } from 'vitest'
import { repel } from '../kernel/repel.js'
import {
  inside,
  outside,
  references,
  refusalOf,
  run,
  startRun,
} from './__fixtures__/run-on-a-service.js'
import { ask, begin, npy, startService } from './__fixtures__/service-client.js'

describe('a run', () => {
  it('answers with the rows that move, and where to', async () => {
    const { call } = await startRun()
    const { status, rows, tensor, values } = await call(0, npy(inside))
    expect([status, rows]).toEqual([200, [0]])
    expect(tensor?.dims).toEqual([1, 3])
    expect(values).toEqual([1, 0, 0])
  })

  it('answers 204 without a body where nothing is inside', async () => {
    const { call, evidence } = await startRun()
    const { status, headers } = await call(0, npy(outside))
    expect([status, headers.get('content-length')]).toEqual([204, null])
    expect((await evidence()).calls[0]).toMatchObject({ index: 0, active: 0, pictures: 2 })
  })

  it('counts a call once that is asked again, and answers the same', async () => {
    const { call, evidence } = await startRun()
    const answers = await Promise.all([1, 2, 3].map(() => call(0, npy(inside))))
    await call(1, npy(inside))
    answers.push(await call(0, npy(inside)))
    for (const { values } of answers) expect(values).toEqual([1, 0, 0])
    const { calls, pictures } = await evidence()
    expect(calls.map(({ active }) => active)).toEqual([1, 1])
    expect(pictures).toHaveLength(2)
    expect(calls[0]?.relativeCorrection).toBeNull()
  })

  it('refuses a call number for something else, and gaps', async () => {
    const { call } = await startRun()
    await call(0, npy(inside))
    const other = await call(0, npy(outside))
    expect([other.status, other.body]).toEqual([409, refusalOf('DUPLICATE_ID')])
    const gap = await call(2, npy(outside))
    expect([gap.status, gap.body]).toEqual([400, refusalOf('INVALID_ARGUMENT')])
  })

  it('corrects the state after a step by what the step took of the prediction', async () => {
    const { service, session } = await startRun({ parametrisation: 'variance-exploding' })
    // x0 = (.5, 0, 0) and (3, 4, 0), e = (0, 1, 0); from σ = 2 to 1.
    const states = Float64Array.of(0.5, 2, 0, 3, 6, 0, 0.5, 1, 0, 3, 5, 0)
    const body = writeNpy({ type: 'float64', dims: [2, 2, 3], data: states })
    const path = `/v1/sessions/${session}/calls/0/step?sigma=2&next=1`
    const { rows, values } = await ask(service, 'PUT', path, body)
    expect(rows).toEqual([0])
    expect(values).toEqual([0.75, 1, 0])
  })

  it('takes float16 and float32, and answers in the same type', async () => {
    const half = await startRun({ dtype: 'float16' })
    const bits = Uint16Array.of(0x3800, 0, 0, 0x4200, 0x4400, 0)
    const halves = await half.call(0, writeNpy({ type: 'float16', dims: [2, 3], data: bits }))
    expect(halves.tensor).toMatchObject({ type: 'float16', data: Uint16Array.of(0x3c00, 0, 0) })
    const single = await startRun({ dtype: 'float32' })
    const singles = await single.call(0, npy(inside, 'float32'))
    expect(singles.tensor).toMatchObject({ type: 'float32', data: Float32Array.of(1, 0, 0) })
  })

  it('pushes copies where their seeds say, as the shield of this package does', async () => {
    const copies = [
      [0, 0, 0],
      [0, 0, 0],
    ]
    const { call } = await startRun({ seeds: [7, 8], strict: true })
    const { values } = await call(0, npy(copies))
    const points = copies.map((row) => Float64Array.from(row))
    const settings = { references: references.origin, radius: 1, overcompensation: 1, strict: true }
    const moved = await repel(points, [7, 8], settings)
    expect(values).toEqual(moved.flatMap((each) => [...(each?.prediction ?? [])]))
    expect(values.slice(0, 3)).not.toEqual(values.slice(3))
  })

  it('keeps later runs of a bank away from what earlier ones committed, and counts a commit once', async () => {
    const { service, session } = await startRun({ mode: 'bank', bank: 'apples', references: null })
    const commit = (id: string, body: Uint8Array) =>
      ask(service, 'PUT', `/v1/sessions/${id}/commit`, body)
    const finished = npy([
      [9, 0, 0],
      [0, 9, 0],
    ])
    const first = await commit(session, finished)
    expect(first.body).toEqual({ pictures: 2, inside: [], banked: 2 })
    expect((await commit(session, finished)).body).toEqual(first.body)
    expect((await commit(session, npy(outside))).status).toBe(409)
    const again = await begin(service, { ...run, mode: 'bank', bank: 'apples', references: null })
    const near = npy([
      [8.5, 0, 0],
      [0, 20, 0],
    ])
    const { rows, values } = await ask(service, 'PUT', `/v1/sessions/${again}/calls/0/repel`, near)
    expect(rows).toEqual([0])
    expect(values[0]).toBeCloseTo(8, 6)
    expect((await commit(again, near)).body).toEqual({ pictures: 2, inside: [0], banked: 4 })
    expect((await ask(service, 'DELETE', '/v1/banks/apples')).status).toBe(204)
    expect((await ask(service, 'DELETE', '/v1/banks/apples')).status).toBe(404)
  })

  it('takes no more calls once its pictures are committed', async () => {
    const { service, session, call, evidence } = await startRun()
    const committed = await ask(service, 'PUT', `/v1/sessions/${session}/commit`, npy(inside))
    expect(committed.body).toEqual({ pictures: 2, inside: [0], banked: null })
    expect((await evidence()).committed).toEqual(committed.body)
    expect((await call(0, npy(inside))).body).toEqual(refusalOf('DUPLICATE_ID'))
  })

  it('keeps the pictures of a batch apart in dynamic mode', async () => {
    const { call } = await startRun({ mode: 'dynamic', references: null, radius: 2 })
    const { rows } = await call(
      0,
      npy([
        [0, 0, 0],
        [1, 0, 0],
      ]),
    )
    expect(rows).toEqual([0, 1])
  })

  it('ends when it is told to', async () => {
    const { service, session, call } = await startRun()
    expect(service.sessions).toBe(1)
    expect((await ask(service, 'DELETE', `/v1/sessions/${session}`)).status).toBe(204)
    expect(service.sessions).toBe(0)
    const gone = await call(0, npy(inside))
    expect([gone.status, gone.body]).toEqual([404, refusalOf('MISSING_INPUT')])
  })

  it('is freed when nobody asks for it any more', async () => {
    const { service, call } = await startRun({}, { sessionTimeout: 50 })
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(service.sessions).toBe(0)
    expect((await call(0, npy(inside))).status).toBe(404)
  })

  it('tells nothing but facts of the service', async () => {
    const service = await startService({ references })
    const { body } = await ask(service, 'GET', '/v1')
    expect(body).toMatchObject({ service: 'assay-shield', protocol: 1 })
    expect(body).toMatchObject({
      references: [{ id: 'origin', size: 1, dimensions: 3 }, { id: 'latents' }],
    })
    expect(JSON.stringify(body)).not.toContain(service.token)
  })
})
