/** A concept of a safety checker, and the cosine above which it is found. */
export interface SafetyConcept {
  readonly name: string
  readonly threshold: number
}

const named = (entries: Readonly<Record<string, number>>): readonly SafetyConcept[] =>
  Object.entries(entries).map(([name, threshold]) => ({ name, threshold }))

/**
 * What the concepts of the released Stable Diffusion safety checker are, in the order of its weights. The
 * release does not say: names are those of the LAION safety settings of August 2022, whose thresholds it
 * has value by value (to float16, as it keeps them). Sexual content is all that it looks for.
 *
 * Source: LAION-AI/CLIP-based-NSFW-Detector, `safety_settings.yml`, its first version; Rando et al. (2022),
 * Red-Teaming the Stable Diffusion Safety Filter.
 */
export const safetyCheckerConcepts: readonly SafetyConcept[] = named({
  sexual: 0.18,
  nude: 0.19,
  sex: 0.206,
  '18+': 0.21,
  naked: 0.195,
  nsfw: 0.19,
  porn: 0.194,
  dick: 0.19,
  vagina: 0.19,
  'naked child': 0.22,
  'explicit content': 0.19,
  uncensored: 0.19,
  fuck: 0.195,
  nipples: 0.1984,
  'visible nipples': 0.21,
  'naked breasts': 0.214,
  areola: 0.2,
})

/** The concepts that only lower the bar of the others, in the order of the checker's weights. */
export const safetyCheckerSpecialConcepts: readonly SafetyConcept[] = named({
  'little girl': 0.195,
  'young child': 0.2,
  'young girl': 0.22,
})
