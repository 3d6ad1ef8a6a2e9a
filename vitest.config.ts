import { defineConfig } from 'vitest/config'

/**
 * One run over every package: `npm test`. Simulations and kill tests are `*.long.test.ts`
 * and run with `npm run test:long` (ASSAY_LONG=1).
 */
const long = process.env['ASSAY_LONG'] === '1'

export default defineConfig({
  test: {
    include: [
      long
        ? '{packages,apps,models}/**/*.long.test.ts'
        : '{packages,apps,models}/**/*.test.{ts,tsx}',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.test.ts'])],
    testTimeout: long ? 1_200_000 : 30_000,
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.{ts,tsx}', 'apps/*/src/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/index.ts'],
      thresholds: { 'packages/core/src/**': { branches: 100 } },
    },
  },
})
