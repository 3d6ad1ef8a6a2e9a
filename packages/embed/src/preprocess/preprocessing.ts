import { z } from 'zod'

const channel = z.int().min(0).max(255)
const side = z.int().min(1).max(8192)
const rounding = z.enum(['floor', 'round']).default('floor')
const threeNumbers = z.tuple([z.number(), z.number(), z.number()])

/** The preprocessing that a model was trained with; see {@link Preprocessing}. */
export const preprocessingSchema = z
  .strictObject({
    width: side.describe('Width of the model input, in pixels.'),
    height: side.describe('Height of the model input, in pixels.'),
    resize: z
      .enum(['stretch', 'shortest-side-centre-crop', 'pad'])
      .describe(
        '`stretch`: to width and height. `shortest-side-centre-crop`: until the shortest side fits, then the middle. `pad`: until the longest side fits, then background around it.',
      ),
    shortestSide: side
      .nullish()
      .transform((value) => value ?? null)
      .describe(
        'Only for `shortest-side-centre-crop`: length that the shortest side gets before the crop, where it is more than the crop (for instance 256 for a crop of 224). Default: what the crop needs.',
      ),
    scaledSide: rounding.describe(
      'Only for `shortest-side-centre-crop`: how the scaled length of the longest side becomes whole. `floor`: as torchvision and transformers do. `round`: halves to even.',
    ),
    cropOffset: rounding.describe(
      'Only for `shortest-side-centre-crop`: how the place of the crop becomes whole. `floor`: as transformers does. `round`: halves to even, as torchvision and open_clip do.',
    ),
    interpolation: z
      .enum(['box', 'bilinear', 'bicubic', 'lanczos'])
      .describe("How pixels are resampled: Pillow's filters of these names, with antialiasing."),
    background: z
      .tuple([channel, channel, channel])
      .describe('Colour behind transparent pixels and around padded pictures.'),
    colourProfile: z
      .enum(['ignore', 'convert'])
      .default('ignore')
      .describe(
        '`ignore`: values are taken for sRGB, whatever profile is embedded, as most Python pipelines do. `convert`: an embedded ICC profile is applied.',
      ),
    scale: z.number().positive().describe('Factor on 8-bit values, usually 1 / 255.'),
    mean: threeNumbers.describe('Subtracted from the scaled red, green and blue.'),
    std: z
      .tuple([z.number().positive(), z.number().positive(), z.number().positive()])
      .describe('What the differences are divided by.'),
  })
  .refine(
    ({ shortestSide, resize }) => shortestSide === null || resize === 'shortest-side-centre-crop',
    { path: ['shortestSide'], error: 'belongs to the resize rule shortest-side-centre-crop' },
  )
  .refine(
    ({ shortestSide, width, height }) =>
      shortestSide === null || shortestSide >= Math.max(width, height),
    { path: ['shortestSide'], error: 'must not be less than width and height' },
  )

/**
 * How a picture becomes a model's input: resized by a rule, then (value * scale - mean) / std for each
 * channel. It is part of the model: its hash goes into every fingerprint.
 */
export type Preprocessing = z.output<typeof preprocessingSchema>
