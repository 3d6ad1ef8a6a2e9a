import { describe, expect, it } from 'vitest'
import { faissSettings } from './faiss-factory.js'

const vectors = { rows: 100_000, columns: 64 }

describe('faissSettings', () => {
  it.each([
    ['Flat', 0],
    ['HNSW32', 0],
    ['HNSW16,Flat', 0],
    ['SQfp16', 0],
    ['SQ8', 65_536],
    ['PQ16', 16_384],
    ['PQ16np', 16_384],
    ['IVF1000,Flat', 64_000],
    ['IVF100,SQ8', 65_536],
    ['IVF100,PQ8', 16_384],
  ])('trains %s with %d rows', (factory, trainingRows) => {
    expect(faissSettings(factory, vectors)).toEqual({ name: 'faiss', factory, trainingRows })
  })

  it.each([
    '',
    'flat',
    'HNSW',
    'HNSW1',
    'HNSW32,PQ8',
    'IVF0,Flat',
    'IVF256',
    'PQ0',
    'PQ5',
    'PQ16x4fs',
    'Flatnp',
    'LSH',
    'NSG32',
    'OPQ16,IVF64,PQ16',
    'IDMap,Flat',
    'Flat; rm',
    'IVF1000000,Flat',
  ])('refuses %j', (factory) => {
    expect(() => faissSettings(factory, vectors)).toThrowError(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', value: factory }),
    )
  })

  it('asks for no training rows of an empty matrix', () => {
    expect(() => faissSettings('IVF256,Flat', { rows: 0, columns: 8 })).not.toThrow()
    expect(() => faissSettings('IVF256,Flat', { rows: 255, columns: 8 })).toThrowError(
      expect.objectContaining({ message: expect.stringContaining('256 rows') }),
    )
  })
})
