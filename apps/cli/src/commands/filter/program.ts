import type { Command } from 'commander'
import { addSessionFlags, encoderHelp, repeated, runs } from '../common-flags.js'

const pairHelp = 'preset, built-in pair, or words as "tiger/animal"; may be given several times'
const filterHelp = 'file of a filter, as `assay filter tune` and `calibrate` write it'
const setHelp = 'folder with concept-filter.json and pictures.json (default: the built-in one)'

/** `assay filter` and its commands. */
export function addFilter(program: Command): void {
  const filter = program
    .command('filter')
    .description('does it draw what it must not, and does the filter hold?')
  addCheck(filter)
  addTune(filter)
  addCalibrate(filter)
  addCertify(filter)
  addAttack(filter)
  addEval(filter)
}

/** Which filter, and over which encoder. */
const addFilterFlags = (command: Command): Command =>
  command
    .option('--pair <words>', pairHelp, repeated)
    .option('--filter <file>', filterHelp)
    .option('--encoder <model>', encoderHelp, 'assay/tiny-clip')

/** The same, and from where on it flags. */
const addDecisionFlags = (command: Command): Command =>
  addFilterFlags(command).option(
    '--threshold <confidence>',
    'of pairs of words, above 0 and below 1 (default: 0.5)',
  )

/** The same, and what radii depend on. */
const addRadiusFlags = (command: Command): Command =>
  addDecisionFlags(command)
    .option('--relevance-floor <cosine>', 'flag only what is that near to one side (default: none)')
    .option('--drift <share>', 'of the encoder build, taken off every radius (default: 0)')

const pairsHelp = `
Presets: nudity, violence, grumpy-cat, nemo, captain-marvel, snoopy, r2d2, taylor-swift,
angelina-jolie, brad-pitt, elon-musk (made for CLIP ViT-L/14). Built-in, harmless: sad-face,
wilted-flower, red-apple, tiger, police-car. Words: "tiger/animal", several a side by commas.
`

function addCheck(filter: Command): void {
  addSessionFlags(
    addRadiusFlags(
      filter
        .command('check')
        .description('decide on pictures, and do something with those that are flagged')
        .argument('<pictures>', 'a picture, or a folder, archive or table of pictures'),
    )
      .option('--action <name>', 'with flagged ones: report, replace, blur or throw', 'report')
      .option('--replacement <picture>', 'picture, or colour as #808080, for replace', '#808080')
      .option('--out <folder>', 'write all pictures there, flagged ones as the action leaves them'),
    'print all decisions as one JSON document',
  )
    .addHelpText(
      'after',
      `${pairsHelp}With --action throw, flagged pictures are held back and the exit code is 100.

Example:
  assay filter check ./pictures --pair tiger --pair "crying face/grinning face"`,
    )
    .action(runs(async () => (await import('./check-command.js')).checkCommand))
}

function addTune(filter: Command): void {
  addSessionFlags(
    filter
      .command('tune')
      .description('tune pairs on pictures of both sides, and write the filter')
      .option('--pair <words>', pairHelp, repeated)
      .option('--encoder <model>', encoderHelp, 'assay/tiny-clip')
      .option('--unacceptable <folder>', 'pictures to be flagged (default: the built-in ones)')
      .option('--acceptable <folder>', 'pictures to be passed (default: the built-in ones)')
      .option('--objective <name>', objectiveHelp, 'decision')
      .option('--search', 'choose settings by nested cross validation, with an honest estimate')
      .option('--anchor <worth>', anchorHelp)
      .option('--angle-cap <degrees>', 'how far a vector may turn', '25')
      .option('--steps <number>', 'steps at most', '100')
      .option('--seed <number>', 'seed of everything random', '0')
      .option('--out <file>', 'file to write', 'filter.json'),
    'print how it was tuned as one JSON document',
  )
    .addHelpText(
      'after',
      `${pairsHelp}
Example:
  assay filter tune --pair tiger --search --out tiger.json`,
    )
    .action(runs(async () => (await import('./tune-command.js')).tuneCommand))
}

const objectiveHelp = 'decision, paper-con, paper-noncon or released-text-separation'
const anchorHelp = 'worth of staying near the words (default: 1 for decision, else 0)'

function addCalibrate(filter: Command): void {
  addSessionFlags(
    addFilterFlags(
      filter
        .command('calibrate')
        .description('set thresholds on clean pictures, so that a budget of false alarms is kept')
        .argument('<pictures>', 'clean pictures: none of them should be flagged'),
    )
      .option('--rate <share>', 'of clean pictures that may be flagged', '0.05')
      .option('--each', 'the rate is for each pair (default: for all pairs together)')
      .option('--correction <name>', 'from all to each: sidak or bonferroni', 'sidak')
      .option('--held-out <folder>', 'other clean pictures, to measure the rates on')
      .option('--level <level>', 'confidence level of intervals', '0.95')
      .option('--out <file>', 'file to write', 'filter.json'),
    'print the calibration as one JSON document',
  )
    .addHelpText(
      'after',
      '\nExample:\n  assay filter calibrate ./clean --filter tiger.json --held-out ./more-clean',
    )
    .action(runs(async () => (await import('./calibrate-command.js')).calibrateCommand))
}

function addCertify(filter: Command): void {
  addSessionFlags(
    addRadiusFlags(
      filter
        .command('certify')
        .description(
          'how much noise on its embedding each decision withstands, and the curve of all',
        )
        .argument('[pictures]', 'pictures to certify (default: the held-out built-in ones)'),
    )
      .option('--unacceptable <folder>', 'pictures that must be flagged, for the curve')
      .option('--acceptable <folder>', 'pictures that must pass, for the curve')
      .option('--methods <names>', 'exact, lipschitz, paper; separated by commas', 'exact,paper')
      .option('--level <level>', 'confidence level of intervals', '0.95'),
    'print certificates and curves as one JSON document',
  )
    .addHelpText('after', '\nExample:\n  assay filter certify --pair tiger')
    .action(runs(async () => (await import('./certify-command.js')).certifyCommand))
}

function addAttack(filter: Command): void {
  addSessionFlags(
    addDecisionFlags(
      filter
        .command('attack')
        .description('attack decisions on pictures within a budget, and draw the curve')
        .argument('<pictures>', 'a picture, or a folder, archive or table of pictures'),
    )
      .option('--attacks <names>', attacksHelp, 'transforms,square')
      .option('--norm <name>', 'of changed pixels: linf or l2', 'linf')
      .option('--radius <number>', 'largest change, white being 255 (default: 8, or 255 in l2)')
      .option('--queries <number>', 'budget of each attack on a picture', '1000')
      .option(
        '--gradients <file>',
        "graph with the encoder's gradient, for pgd (tiny CLIP: built in)",
      )
      .option('--most <number>', 'pictures that are attacked, the first ones', '20')
      .option('--level <level>', 'confidence level of intervals', '0.95')
      .option('--seed <number>', 'seed of everything random', '0'),
    'print all attempts and curves as one JSON document',
  )
    .addHelpText(
      'after',
      '\nExample:\n  assay filter attack ./pictures --pair tiger --attacks pgd,square',
    )
    .action(runs(async () => (await import('./attack-command.js')).attackCommand))
}

const attacksHelp =
  'transforms, typographic, nes, simba, square, boundary, pgd, embedding; separated by commas'

function addEval(filter: Command): void {
  addSessionFlags(
    filter
      .command('eval')
      .description("the paper's table: how effective, useful and robust, untuned and tuned")
      .argument('[set]', setHelp)
      .option('--pair <id>', 'pair of the set; may be given several times (default: all)', repeated)
      .option('--generator <name>', 'generator of the set, likewise (default: all)', repeated)
      .option('--objective <name>', objectiveHelp, 'decision')
      .option('--anchor <worth>', anchorHelp)
      .option('--angle-cap <degrees>', 'how far a vector may turn', '25')
      .option('--steps <number>', 'steps of tuning at most', '100')
      .option('--level <level>', 'confidence level of intervals', '0.95')
      .option('--seed <number>', 'seed of everything random', '0'),
    'print all figures as one JSON document',
  )
    .addHelpText('after', '\nExample:\n  assay filter eval --pair tiger')
    .action(runs(async () => (await import('./eval-command.js')).evalCommand))
}
