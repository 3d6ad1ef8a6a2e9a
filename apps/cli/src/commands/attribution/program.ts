import type { Command } from 'commander'

type Index = typeof import('./index-command.js').indexCommand

/** `assay attribution` and its commands. */
export function addAttribution(program: Command): void {
  const attribution = program
    .command('attribution')
    .description('which training pictures is this output made from?')
  addIndex(attribution)
}

function addIndex(attribution: Command): void {
  attribution
    .command('index')
    .description('store the features of a set of training pictures, with their ids and labels')
    .argument('<source>', 'pictures (folder, archive, table), or features: see below')
    .option('--out <folder>', 'feature store to write', 'pool')
    .option('--encoder <model>', 'model id, or folder with a card.json', 'assay/tiny-clip')
    .option('--normalize', 'store features of unit length, not as the encoder gives them')
    .option('--labels <file>', 'artist, licence, source ... by id: .jsonl, .csv or .parquet')
    .option('--fields <names>', 'labels to keep, separated by commas (default: all)')
    .option('--mirrored <file>', 'features of the mirrored pictures, row by row')
    .option('--columns <number>', 'numbers a row, of features without a header')
    .option('--type <name>', 'their type: float16, float32 or float64 (default: float32)')
    .option('--vectors <column>', 'column of vectors, of features in a parquet file')
    .option('--ids <column>', 'column of ids, of the same')
    .option('--device <name>', 'what computes: cpu, cuda, coreml, dml or webgpu', 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print what was stored as one JSON document')
    .addHelpText('after', indexHelp)
    .action(async (source: string, flags: Parameters<Index>[1]) => {
      const { indexCommand } = await import('./index-command.js')
      process.exitCode = await indexCommand(source, flags)
    })
}

const indexHelp = `
Features: .npy, .safetensors, numbers without a header (with --columns), .parquet (with --vectors),
a feature store, or a folder that clip-retrieval wrote.

Example:
  assay attribution index ./training-pictures --out pool`
