import type { Command } from 'commander'

type Index = typeof import('./index-command.js').indexCommand
type Query = typeof import('./query-command.js').queryCommand
type Tune = typeof import('./tune-command.js').tuneCommand
type Calibrate = typeof import('./calibrate-command.js').calibrateCommand
type Eval = typeof import('./eval-command.js').evalCommand
type Lds = typeof import('./lds-command.js').ldsCommand
type Trak = typeof import('./trak-command.js').trakCommand
type Distill = typeof import('./distill-command.js').distillCommand
type Shapley = typeof import('./shapley-command.js').shapleyCommand

const setHelp = 'folder with exemplars, synth, pool and splits/ (default: AbC-mini, built in)'
const deviceHelp = 'what computes: cpu, cuda, coreml, dml or webgpu'

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
  addLds(attribution)
  addTrak(attribution)
  addDistill(attribution)
  addShapley(attribution)
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
    .option('--device <name>', deviceHelp, 'cpu')
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

function addQuery(attribution: Command): void {
  attribution
    .command('query')
    .description('the training pictures that outputs were made from, ranked, with their influence')
    .argument('<pool>', 'feature store of the training pictures, or features (.npy, .safetensors)')
    .argument('<outputs>', 'a picture, a set of pictures, or features of them')
    .option('--head <file>', 'head of `assay attribution tune` (default: none)')
    .option('--calibration <file>', 'of `assay attribution calibrate`: scores become influence')
    .option('--top <number>', 'matches of each output', '10')
    .option('--group-by <field>', 'label to credit, for instance artist, licence or source')
    .option('--labels <file>', 'labels of the training pictures: .jsonl, .csv or .parquet')
    .option('--encoder <model>', "what embeds the outputs (default: the pool's)")
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print the report as one JSON document')
    .addHelpText('after', '\nExample:\n  assay attribution query pool ./outputs/0001.png --top 5')
    .action(async (pool: string, outputs: string, flags: Parameters<Query>[2]) => {
      const { queryCommand } = await import('./query-command.js')
      process.exitCode = await queryCommand(pool, outputs, flags)
    })
}

function addTune(attribution: Command): void {
  attribution
    .command('tune')
    .description('train a head: under it, what a customised model drew lies near its exemplars')
    .argument('[set]', setHelp)
    .option('--encoder <model>', 'what embeds the pictures of AbC-mini (default: its features)')
    .option('--pool <path>', "features of other pictures (default: the set's pool)")
    .option('--train <splits>', 'beginning of the names of splits to learn from', 'train')
    .option('--validate <splits>', 'of those that help to choose the head', 'val')
    .option('--form <name>', 'form of its two maps: linear, channel or mlp', 'linear')
    .option('--shared', 'one map for both, real and generated pictures')
    .option('--epochs <number>', 'passes over the generated pictures, at most', '100')
    .option('--learning-rate <number>', 'of Adam', '0.0001')
    .option('--seed <number>', 'seed of everything random', '0')
    .option('--out <file>', 'file to write', 'head.safetensors')
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print how it was trained as one JSON document')
    .addHelpText('after', '\nExample:\n  assay attribution tune --out head.safetensors')
    .action(async (set: string | undefined, flags: Parameters<Tune>[1]) => {
      const { tuneCommand } = await import('./tune-command.js')
      process.exitCode = await tuneCommand(set, flags)
    })
}

function addCalibrate(attribution: Command): void {
  attribution
    .command('calibrate')
    .description('fit what turns scores into shares of influence, and judge it')
    .argument('[set]', setHelp)
    .option('--head <file>', 'head of `assay attribution tune` (default: none)')
    .option('--encoder <model>', 'what embeds the pictures of AbC-mini (default: its features)')
    .option('--pool <path>', "features of other pictures (default: the set's pool)")
    .option('--validate <splits>', 'beginning of the names of splits to fit on', 'val')
    .option('--test <splits>', 'of those to judge on', 'test')
    .option('--others <number>', 'pictures of the pool that each query is compared with', '300')
    .option('--seed <number>', 'seed of everything random', '0')
    .option('--out <file>', 'file to write', 'calibration.json')
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print calibration and judgement as one JSON document')
    .addHelpText('after', '\nExample:\n  assay attribution calibrate --head head.safetensors')
    .action(async (set: string | undefined, flags: Parameters<Calibrate>[1]) => {
      const { calibrateCommand } = await import('./calibrate-command.js')
      process.exitCode = await calibrateCommand(set, flags)
    })
}

function addEval(attribution: Command): void {
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
    .option('--test <splits>', 'of those to evaluate on', 'test')
    .option('--cutoffs <numbers>', 'the k of recall@k', '5,10,100')
    .option('--epochs <number>', 'of training, at most', '100')
    .option('--learning-rate <number>', 'of training', '0.0001')
    .option('--seed <number>', 'seed of everything random', '0')
    .option('--larger-sets', 'also by the number of exemplars and the size of the pool')
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print all figures as one JSON document')
    .addHelpText('after', '\nExample:\n  assay attribution eval')
    .action(async (set: string | undefined, flags: Parameters<Eval>[1]) => {
      const { evalCommand } = await import('./eval-command.js')
      process.exitCode = await evalCommand(set, flags)
    })
}

/** Takes a flag that may be given several times. */
const repeated = (value: string, earlier: readonly string[] = []) => [...earlier, value]

function addLds(attribution: Command): void {
  attribution
    .command('lds')
    .description('linear datamodelling score: how well scores predict what retraining gives')
    .argument('<scores>', '.npy, a row an output, a column a training picture')
    .requiredOption('--masks <file>', '.npy, a row a retrained model, 1 where it saw a picture')
    .requiredOption('--outputs <file>', '.npy, a row a retrained model, a column an output')
    .option('--losses', 'the outputs are losses, which pictures that help lower')
    .option('--seed <number>', 'seed of the bootstrap', '0')
    .option('--json', 'print the score, and that of each output, as one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  assay attribution lds scores.npy --masks masks.npy --outputs outputs.npy',
    )
    .action(async (scores: string, flags: Parameters<Lds>[1]) => {
      const { ldsCommand } = await import('./lds-command.js')
      process.exitCode = await ldsCommand(scores, flags)
    })
}

function addTrak(attribution: Command): void {
  attribution
    .command('trak')
    .description('score training pictures by projected gradients (TRAK, D-TRAK, DAS)')
    .argument('<train>', "gradients of training pictures, or the save_dir of TRAK's library")
    .argument('[outputs]', 'gradients of outputs: .npy, .safetensors, .jsonl, .csv or headerless')
    .option('--method <name>', 'trak, d-trak or das', 'd-trak')
    .option('--lambda <number>', 'added to the eigenvalues of the kernel (default: by the kernel)')
    .option('--output-to-loss <file>', '.npy, one a training picture; trak needs it')
    .option('--residuals <file>', '.npy, one a training picture; das needs it')
    .option('--experiment <name>', "experiment of TRAK's library (default: the only one)")
    .option('--columns <number>', 'numbers a row, of gradients without a header')
    .option('--type <name>', 'their type: float16, float32 or float64 (default: float32)')
    .option('--top <number>', 'training pictures to print for each output', '10')
    .option('--out <file>', '.npy to write all scores to, a row an output')
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print the result as one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  assay attribution trak train-gradients.npy output-gradients.npy --out scores.npy',
    )
    .action(async (train: string, outputs: string | undefined, flags: Parameters<Trak>[2]) => {
      const { trakCommand } = await import('./trak-command.js')
      process.exitCode = await trakCommand(train, outputs, flags)
    })
}

function addDistill(attribution: Command): void {
  attribution
    .command('distill')
    .description("teach a slow method's rankings to embeddings (FastGDA)")
    .argument('<train>', 'features of the training pictures')
    .argument('<outputs>', 'features of outputs that the slow method ranked them for')
    .option('--scores <file>', 'scores of the slow method, the larger the more influence')
    .option('--rows-are <what>', 'what a row of the scores is: query or train', 'query')
    .option('--negate', 'the smaller scores mean more influence')
    .option('--rankings <file>', '.npy instead of scores: a row an output, numbers of pictures')
    .option('--hold-out <share>', 'outputs that are not learned from, but choose and judge', '0.1')
    .option('--k <number>', "how many of the teacher's first count as relevant", '10')
    .option('--epochs <number>', 'passes over all rankings', '10')
    .option('--seed <number>', 'seed of everything random', '0')
    .option('--out <file>', 'file to write', 'ranker.safetensors')
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print how it was taught as one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  assay attribution distill pool outputs.safetensors --scores scores.npy',
    )
    .action(async (train: string, outputs: string, flags: Parameters<Distill>[2]) => {
      const { distillCommand } = await import('./distill-command.js')
      process.exitCode = await distillCommand(train, outputs, flags)
    })
}

function addShapley(attribution: Command): void {
  attribution
    .command('shapley')
    .description('what training pictures are worth to outputs of the same label (KNN-Shapley)')
    .argument('<pool>', 'feature store of the training pictures')
    .argument(
      '<outputs>',
      'pictures with labels in their metadata.jsonl, or a feature store of them',
    )
    .requiredOption('--group-by <field>', 'label that both have, for instance artist')
    .option('--k <number>', 'neighbours that vote', '10')
    .option('--labels <file>', 'labels of the training pictures: .jsonl, .csv or .parquet')
    .option('--encoder <model>', "what embeds the outputs (default: the pool's)")
    .option('--top <number>', 'groups to print', '20')
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', 'print all values as one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  assay attribution shapley pool ./outputs --group-by artist',
    )
    .action(async (pool: string, outputs: string, flags: Parameters<Shapley>[2]) => {
      const { shapleyCommand } = await import('./shapley-command.js')
      process.exitCode = await shapleyCommand(pool, outputs, flags)
    })
}
