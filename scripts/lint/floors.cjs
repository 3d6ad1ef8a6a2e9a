// The floors of docs/design: each package may import only from the floors below it.
const floors = [
  ['core'],
  ['store', 'metrics'],
  ['tensor'],
  ['embed', 'vector-index'],
  ['diffusion'],
  ['attribution', 'concept-filter', 'repellency', 'bugfinder', 'preference'],
  ['audit'],
]
const evaluators = floors[5]
const path = (names) => `^packages/(${names.join('|')})/`

/** A rule that forbids a floor to import from its own floor (other packages) and those above. */
const floorRule = (names, floor) => {
  const reachable = floors.slice(0, floor).flat()
  return names.map((name) => ({
    name: `floor-${floor}-${name}`,
    severity: 'error',
    from: { path: path([name]) },
    to: { path: '^(packages|apps)/', pathNot: path([name, ...reachable]) },
  }))
}

module.exports = {
  forbidden: [
    ...floors.flatMap(floorRule),
    {
      name: 'evaluators-use-contracts-only',
      comment: 'The five methods are handed encoders, indexes and generators through core.',
      severity: 'error',
      from: { path: path(evaluators) },
      to: { path: path(['embed', 'vector-index', 'diffusion']) },
    },
    {
      name: 'core-and-metrics-run-anywhere',
      comment: 'No native code and no I/O on floor 0, nor in metrics: they bundle for browsers.',
      severity: 'error',
      from: { path: '^packages/(core|metrics)/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'], pathNot: '@assay/core' },
    },
    {
      name: 'declared-and-installed',
      comment: 'An import that package.json does not declare breaks the published package.',
      severity: 'error',
      from: { path: '^(packages|apps)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycles',
      comment: 'Types may know each other; code may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/coverage/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
}
