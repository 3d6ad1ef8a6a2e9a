import sharp from 'sharp'

/**
 * sharp with the settings that Assay needs. They hold for the whole process, so that they stand here,
 * in the one file that imports sharp:
 *
 * - one libvips thread a picture: pictures are decoded side by side instead;
 * - no operation cache: no picture is decoded twice, and memory would grow;
 * - every loader refuses but the four of the allow-list, and those take bytes only, never a path.
 */
sharp.concurrency(1)
sharp.cache(false)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
})

export { sharp }
