import { describe, expect, it } from 'vitest'
import { CellAccount } from './cell-account.js'

describe('CellAccount', () => {
  it('has cells made once scans were as much work as making them is', () => {
    // 100 cells need 10,000 × 100 comparisons, and 7 × 2,400 × 100 for their centroids.
    const account = new CellAccount({ rows: 10_000, cells: 100 })
    const searches = Math.ceil((10_000 * 100 + 7 * 2400 * 100) / (10_000 * (16 + 4)))
    for (let search = 0; search < searches; search += 1) {
      expect(account.isSettled).toBe(false)
      account.pay(4)
    }
    expect(account.isSettled).toBe(true)
  })

  it('lets a thousand queries over a million rows not wait', () => {
    const account = new CellAccount({ rows: 1_000_000, cells: 2000 })
    account.pay(1024)
    expect(account.isSettled).toBe(false)
  })

  it('counts all rows for the sample where there are few of them', () => {
    const account = new CellAccount({ rows: 100, cells: 20 })
    account.pay(8 * 20 - 17)
    expect(account.isSettled).toBe(false)
    account.pay(0)
    expect(account.isSettled).toBe(true)
  })
})
