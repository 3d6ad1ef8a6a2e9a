import { describe, expect, it } from 'vitest'
import { CellAccount } from './cell-account.js'

describe('CellAccount', () => {
  const roads = { scan: 15, scanQuery: 0.5, candidate: 1e-4 }

  it('has cells made once scans took as long as making them will', () => {
    const account = new CellAccount(roads, 100)
    expect(account.isSettled).toBe(false)
    account.pay(60)
    expect(account.isSettled).toBe(false)
    account.pay(40)
    expect(account.isSettled).toBe(true)
  })

  it('has them made at once where they cost nothing', () => {
    expect(new CellAccount({ ...roads, scanQuery: 0 }, 100).isSettled).toBe(true)
  })
})
