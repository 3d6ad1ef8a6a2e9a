import type { Command } from 'commander'
import { addSessionFlags, encoderHelp, repeated, runs } from '../common-flags.js'
import { addArrayCommands } from './array-program.js'

const setHelp = 'folder with exemplars, synth, pool and splits/ (default: AbC-mini, built in)'

/** `assay attribution` and its commands. */
export function addAttribution(program: Command): void {
  const attribution = program
    .command('attribution')
    .description('which training pictures is this output made from?')
  addIndex(attribution)
  addQuery(attribution)
  addTune(attribution)
  addCalibrate(attribution)
  addEval(attribution)
  addArrayCommands(attribution)
}

function addIndex(attribution: Command): void {
  addSessionFlags(
    attribution
      .command('index')
      .description('store the features of a set of training pictures, with their ids and labels')
      .argument('<source>', 'pictures (folder, archive, table), or features: see below')
      .option('--out <folder>', 'feature store to write', 'pool')
      .option('--encoder <model>', encoderHelp, 'assay/tiny-clip')
      .option('--normalize', 'store features of unit length, not as the encoder gives them')
      .option('--labels <file>', 'artist, licence, source ... by id: .jsonl, .csv or .parquet')
      .option('--fields <names>', 'labels to keep, separated by commas (default: all)')
      .option('--mirrored <file>', 'features of the mirrored pictures, row by row')
      .option('--columns <number>', 'numbers a row, of features without a header')
      .option('--type <name>', 'their type: float16, float32 or float64 (default: float32)')
      .option('--vectors <column>', 'column of vectors, of features in a parquet file')
      .option('--ids <column>', 'column of ids, of the same'),
    'print what was stored as one JSON document',
  )
    .addHelpText('after', indexHelp)
    .action(runs(async () => (await import('./index-command.js')).indexCommand))
}

const indexHelp = `
Features: .npy, .safetensors, numbers without a header (with --columns), .parquet (with --vectors),
a feature store, or a folder that clip-retrieval wrote.

Example:
  assay attribution index ./training-pictures --out pool`

function addQuery(attribution: Command): void {
  addSessionFlags(
    attribution
      .command('query')
      .description(
        'the training pictures that outputs were made from, ranked, with their influence',
      )
      .argument(
        '<pool>',
        'feature store of the training pictures, or features (.npy, .safetensors)',
      )
      .argument('<outputs>', 'a picture, a set of pictures, or features of them')
      .option('--head <file>', 'head of `assay attribution tune` (default: none)')
      .option('--calibration <file>', 'of `assay attribution calibrate`: scores become influence')
      .option('--top <number>', 'matches of each output', '10')
      .option('--group-by <field>', 'label to credit, for instance artist, licence or source')
      .option('--labels <file>', 'labels of the training pictures: .jsonl, .csv or .parquet')
      .option('--encoder <model>', "what embeds the outputs (default: the pool's)"),
    'print the report as one JSON document',
  )
    .addHelpText('after', '\nExample:\n  assay attribution query pool ./outputs/0001.png --top 5')
    .action(runs(async () => (await import('./query-command.js')).queryCommand))
}

function addTune(attribution: Command): void {
  addSessionFlags(
    attribution
      .command('tune')
      .description('train a head: under it, what a customised model drew lies near its exemplars')
      .argument('[set]', setHelp)
      .option('--encoder <model>', 'what embeds the pictures of AbC-mini (default: its features)')
      .option('--pool <path>', "features of other pictures (default: the set's pool)")
      .option('--normalize', 'bring features to unit length first, as `assay audit` does')
      .option('--train <splits>', 'beginning of the names of splits to learn from', 'train')
      .option('--validate <splits>', 'of those that help to choose the head', 'val')
      .option('--form <name>', 'form of its two maps: linear, channel or mlp', 'linear')
      .option('--shared', 'one map for both, real and generated pictures')
      .option('--epochs <number>', 'passes over the generated pictures, at most', '100')
      .option('--learning-rate <number>', 'of Adam', '0.0001')
      .option('--seed <number>', 'seed of everything random', '0')
      .option('--out <file>', 'file to write', 'head.safetensors'),
    'print how it was trained as one JSON document',
  )
    .addHelpText('after', '\nExample:\n  assay attribution tune --out head.safetensors')
    .action(runs(async () => (await import('./tune-command.js')).tuneCommand))
}

function addCalibrate(attribution: Command): void {
  addSessionFlags(
    attribution
      .command('calibrate')
      .description('fit what turns scores into shares of influence, and judge it')
      .argument('[set]', setHelp)
      .option('--head <file>', 'head of `assay attribution tune` (default: none)')
      .option('--encoder <model>', 'what embeds the pictures of AbC-mini (default: its features)')
      .option('--pool <path>', "features of other pictures (default: the set's pool)")
      .option('--normalize', 'bring features to unit length first, as `assay audit` does')
      .option('--validate <splits>', 'beginning of the names of splits to fit on', 'val')
      .option('--test <splits>', 'of those to judge on', 'test')
      .option('--others <number>', 'pictures of the pool that each query is compared with', '300')
      .option('--seed <number>', 'seed of everything random', '0')
      .option('--out <file>', 'file to write', 'calibration.json'),
    'print calibration and judgement as one JSON document',
  )
    .addHelpText('after', '\nExample:\n  assay attribution calibrate --head head.safetensors')
    .action(runs(async () => (await import('./calibrate-command.js')).calibrateCommand))
}

function addEval(attribution: Command): void {
  addSessionFlags(
    attribution
      .command('eval')
      .description('how well exemplars are found, before and after tuning, with intervals')
      .argument('[set]', setHelp)
      .option(
        '--encoder <models>',
        'what embeds the pictures of AbC-mini (default: all here)',
        repeated,
      )
      .option('--head <file>', 'head to evaluate (default: one is trained)')
      .option('--pool <path>', "features of other pictures (default: the set's pool)")
      .option('--train <splits>', 'beginning of the names of splits to learn from', 'train')
      .option('--validate <splits>', 'of those that help to choose the head', 'val')
      .option('--test <splits>', 'of those to evaluate on: see below', 'test')
      .option(
        '--duplicates <name>',
        'near-duplicates in the pool: others, exclude or count',
        'others',
      )
      .option('--cutoffs <numbers>', 'the k of recall@k', '5,10,100')
      .option('--epochs <number>', 'of training, at most', '100')
      .option('--learning-rate <number>', 'of training', '0.0001')
      .option('--seed <number>', 'seed of everything random', '0')
      .option('--larger-sets', 'also by the number of exemplars and the size of the pool'),
    'print all figures as one JSON document',
  )
    .addHelpText('after', evalHelp)
    .action(runs(async () => (await import('./eval-command.js')).evalCommand))
}

const evalHelp = `
--test takes the beginning of names of splits. AbC-mini also has models that were fine-tuned, pictures of
a small network, in splits of their own: ask for them by name, --test test_tuned.
--duplicates: \`exclude\` leaves what the set calls near-duplicates of an exemplar out of the pool, \`count\`
lets an exemplar count as found where the best of it and them stands.

Example:
  assay attribution eval`
