import type { Command } from 'commander'
import { addSessionFlags, runs } from '../common-flags.js'

/** The commands of `assay attribution` that work on gradients, scores and labels from elsewhere. */
export function addArrayCommands(attribution: Command): void {
  addLds(attribution)
  addTrak(attribution)
  addDistill(attribution)
  addShapley(attribution)
}

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
    .action(runs(async () => (await import('./lds-command.js')).ldsCommand))
}

function addTrak(attribution: Command): void {
  addSessionFlags(
    attribution
      .command('trak')
      .description('score training pictures by projected gradients (TRAK, D-TRAK, DAS)')
      .argument('<train>', "gradients of training pictures, or the save_dir of TRAK's library")
      .argument('[outputs]', 'gradients of outputs: .npy, .safetensors, .jsonl, .csv or headerless')
      .option('--method <name>', 'trak, d-trak or das', 'd-trak')
      .option(
        '--lambda <number>',
        'added to the eigenvalues of the kernel (default: by the kernel)',
      )
      .option('--output-to-loss <file>', '.npy, one a training picture; trak needs it')
      .option('--residuals <file>', '.npy, one a training picture; das needs it')
      .option('--experiment <name>', "experiment of TRAK's library (default: the only one)")
      .option('--columns <number>', 'numbers a row, of gradients without a header')
      .option('--type <name>', 'their type: float16, float32 or float64 (default: float32)')
      .option('--top <number>', 'training pictures to print for each output', '10')
      .option('--out <file>', '.npy to write all scores to, a row an output'),
    'print the result as one JSON document',
  )
    .addHelpText(
      'after',
      '\nExample:\n  assay attribution trak train-gradients.npy output-gradients.npy --out scores.npy',
    )
    .action(runs(async () => (await import('./trak-command.js')).trakCommand))
}

function addDistill(attribution: Command): void {
  addSessionFlags(
    attribution
      .command('distill')
      .description("teach a slow method's rankings to embeddings (FastGDA)")
      .argument('<train>', 'features of the training pictures')
      .argument('<outputs>', 'features of outputs that the slow method ranked them for')
      .option('--scores <file>', 'scores of the slow method, the larger the more influence')
      .option('--rows-are <what>', 'what a row of the scores is: query or train', 'query')
      .option('--negate', 'the smaller scores mean more influence')
      .option('--rankings <file>', '.npy instead of scores: a row an output, numbers of pictures')
      .option(
        '--hold-out <share>',
        'outputs that are not learned from, but choose and judge',
        '0.1',
      )
      .option('--k <number>', "how many of the teacher's first count as relevant", '10')
      .option('--epochs <number>', 'passes over all rankings', '10')
      .option('--seed <number>', 'seed of everything random', '0')
      .option('--out <file>', 'file to write', 'ranker.safetensors'),
    'print how it was taught as one JSON document',
  )
    .addHelpText(
      'after',
      '\nExample:\n  assay attribution distill pool outputs.safetensors --scores scores.npy',
    )
    .action(runs(async () => (await import('./distill-command.js')).distillCommand))
}

function addShapley(attribution: Command): void {
  addSessionFlags(
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
      .option('--top <number>', 'groups to print', '20'),
    'print all values as one JSON document',
  )
    .addHelpText(
      'after',
      '\nExample:\n  assay attribution shapley pool ./outputs --group-by artist',
    )
    .action(runs(async () => (await import('./shapley-command.js')).shapleyCommand))
}
