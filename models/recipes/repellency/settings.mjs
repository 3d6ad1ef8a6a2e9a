// What is drawn: the generators as they are, and each method at several strengths.

/** Model calls of a picture, fewer than the defaults, to be able to draw more pictures. */
export const STEPS = { composer: 12, 'tiny-diffusion': 10 }

/** Guidance of the tiny diffusion where no method says otherwise: its card's default. */
export const GUIDANCE = 2

/** Of the base's distances between pictures of one prompt; each becomes a radius of shields. */
export const RADIUS_QUANTILES = [0.1, 0.3, 0.5]

/** Of the base's distances to the nearest protected picture. */
export const PROTECT_QUANTILE = 0.5

/** Of the methods that both have; the composer takes longer, and gets fewer. */
const STRENGTHS = {
  'tiny-diffusion': { overcompensations: [1, 1.6], coefficients: [50, 200, 800] },
  composer: { overcompensations: [1.6], coefficients: [200, 800] },
}

export const BASE = { id: 'base', method: 'base' }

/** Settings by method, in the order of drawing; radii come from what the base drew. */
export function settingsOf(generator, { radii, protectRadius }) {
  const { overcompensations, coefficients } = STRENGTHS[generator]
  const shared = [
    ...radii.flatMap((radius) =>
      overcompensations.map((overcompensation) => ({
        ...{ id: `spell r ${radius} λ ${overcompensation}`, method: 'spell' },
        ...{ radius, overcompensation },
      })),
    ),
    ...coefficients.map((coefficient) => ({
      ...{ id: `particle ${coefficient}`, method: 'particle', coefficient },
    })),
    { id: `protect r ${protectRadius}`, method: 'protect', radius: protectRadius },
  ]
  return generator === 'composer' ? shared : [...shared, ...ofConditions]
}

const ofConditions = [
  { id: 'cads s 0.25', method: 'cads' },
  { id: 'cads s 1', method: 'cads', scale: 1 },
  { id: 'cads s 0.25 to τ 0.2', method: 'cads', times: [0.2, 0.9] },
  { id: 'interval w 2', method: 'interval', guidanceScale: 2, interval: [0.3, 3] },
  { id: 'interval w 4', method: 'interval', guidanceScale: 4, interval: [0.3, 3] },
  { id: 'guidance 1', method: 'guidance', guidanceScale: 1 },
  { id: 'guidance 4', method: 'guidance', guidanceScale: 4 },
]
