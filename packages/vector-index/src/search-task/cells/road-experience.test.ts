import { describe, expect, it } from 'vitest'
import { RoadExperience } from './road-experience.js'

const first = { scan: 100, scanQuery: 10, candidate: 1 }

describe('RoadExperience', () => {
  it('begins with what was measured', () => {
    expect(new RoadExperience(first).costs).toEqual(first)
  })

  it('comes near to what a scan really takes, and leaves the other road alone', () => {
    const experience = new RoadExperience(first)
    for (let search = 0; search < 20; search++) experience.scanned(10, 800)
    const { scan, scanQuery, candidate } = experience.costs
    expect(scan + 10 * scanQuery).toBeCloseTo(800, 1)
    expect(scan / scanQuery).toBeCloseTo(10, 9)
    expect(candidate).toBe(1)
  })

  it('comes near to what candidates really take', () => {
    const experience = new RoadExperience(first)
    for (let search = 0; search < 20; search++) experience.pruned(500, 50)
    expect(experience.costs.candidate).toBeCloseTo(0.1, 6)
    expect(experience.costs.scan).toBe(100)
  })

  it('learns nothing from a road that took no time, or was expected to', () => {
    const experience = new RoadExperience({ scan: 0, scanQuery: 0, candidate: 1 })
    experience.scanned(5, 10)
    experience.pruned(0, 10)
    experience.pruned(10, 0)
    expect(experience.costs).toEqual({ scan: 0, scanQuery: 0, candidate: 1 })
  })

  it('tries the other road three times, where that costs little beside the scan', () => {
    const experience = new RoadExperience(first)
    expect(experience.tries(200, 100)).toBe(false)
    const tries = Array.from({ length: 5 }, () => experience.tries(100, 100))
    expect(tries).toEqual([true, true, true, false, false])
  })
})
