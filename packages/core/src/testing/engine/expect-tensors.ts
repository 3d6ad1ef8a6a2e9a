import type { Tensor } from '../../contracts/engine.js'
import { expectSame } from '../expectations.js'

/** A tensor as a JSON document that tells every bit of it, and the kind of its array. */
function bits({ type, dims, data }: Tensor): unknown {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { type, dims, array: data[Symbol.toStringTag], bytes: [...bytes] }
}

/** Throws `CONFORMANCE_FAILED` unless tensors have the same names, types, dimensions and bits. */
export function expectTensors(
  actual: Readonly<Record<string, Tensor>>,
  expected: Readonly<Record<string, Tensor>>,
  what: string,
): void {
  const names = Object.keys(expected).sort()
  expectSame(Object.keys(actual).sort(), names, `The list of names of ${what}`)
  for (const name of names) {
    expectSame(bits(actual[name]!), bits(expected[name]!), `'${name}' of ${what}`)
  }
}
