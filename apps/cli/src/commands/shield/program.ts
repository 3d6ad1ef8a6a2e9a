import type { Command } from 'commander'
import { addSessionFlags, repeated, runs } from '../common-flags.js'

const protectHelp = 'pictures to keep away from: a folder or archive, or `training` (see below)'
const modelHelp = 'built-in id, or folder in the layout of diffusers'
const trainingHelp = 'built-in generator that `--protect training` is of'
const spaceHelp = '`pixels`, or an encoder: model id, or folder with a card.json'

const protectText = `
--protect training stands for the pictures that a built-in generator was made from, as it saw them.
For generators that work on latents, name a folder that \`writeShieldReferences\` wrote.
`

/** `assay shield` and its commands. */
export function addShield(program: Command): void {
  const shield = program
    .command('shield')
    .description(
      'keep pictures away from protected ones while they are drawn, and look whether it held',
    )
  addGenerate(shield)
  addCheck(shield)
  addCalibrate(shield)
  addServe(shield)
}

function addGenerate(shield: Command): void {
  addSessionFlags(
    shield
      .command('generate')
      .description('draw pictures with a shield; issued again, it draws what is missing')
      .option('--prompt <text>', 'what to draw; may be given several times', repeated)
      .option('--prompts <file>', 'prompts: .txt, one a line, or .jsonl, objects with a prompt')
      .option('--protect <pictures>', protectHelp)
      .option(
        '--radius <number>',
        'of the shields (default: calibrated, with 5 % inside without it)',
      )
      .option('--diversify [radius]', 'keep the pictures of a prompt apart (default: calibrated)')
      .option('--base [folder]', 'also draw without the shield, into this folder or OUT-base')
      .option('--model <generator>', modelHelp, 'assay/composer')
      .option('--n <number>', 'pictures of each prompt', '4')
      .option('--seed <number>', 'seed of the first picture of each prompt', '1')
      .option('--steps <number>', "model calls a picture (default: the generator's)")
      .option('--guidance <number>', "guidance scale (default: the generator's)")
      .option('--out <folder>', 'folder of the pictures, their sheet and shield.json', 'pictures'),
    'print what was done as one JSON document',
  )
    .addHelpText(
      'after',
      `${protectText}A saved picture that lies in a shield all the same ends with 100.

Example:
  assay shield generate --prompt "a red apple" --protect training --base`,
    )
    .action(runs(async () => (await import('./generate-command.js')).generateCommand))
}

function addCheck(shield: Command): void {
  addSessionFlags(
    shield
      .command('check')
      .description('which pictures lie in the shield of a protected one')
      .argument('<pictures>', 'a picture, or a folder, archive or table of pictures')
      .requiredOption('--protect <pictures>', protectHelp)
      .option('--model <generator>', trainingHelp, 'assay/composer')
      .option('--radius <number>', "of the shields (default: an encoder's near-duplicates)")
      .option('--space <name>', spaceHelp, 'pixels')
      .option('--gate', 'end with 100 where a picture lies in a shield'),
    'print all distances as one JSON document',
  )
    .addHelpText(
      'after',
      `${protectText}
Example:
  assay shield check ./pictures --protect ./ours --radius 9.5 --gate`,
    )
    .action(runs(async () => (await import('./check-command.js')).checkCommand))
}

function addCalibrate(shield: Command): void {
  addSessionFlags(
    shield
      .command('calibrate')
      .description('the radius that a share of what is drawn without a shield would be inside of')
      .option('--protect <pictures>', 'as for generate (default: pairs of pictures of a prompt)')
      .option('--outputs <pictures>', 'pictures without a shield (default: drawn for this)')
      .option('--prompt <text>', 'what to draw; may be given several times', repeated)
      .option('--prompts <file>', 'prompts: .txt, one a line, or .jsonl, objects with a prompt')
      .option('--model <generator>', modelHelp, 'assay/composer')
      .option('--n <number>', 'pictures of each prompt', '32')
      .option('--seed <number>', 'seed of the first picture of each prompt', '1')
      .option('--steps <number>', "model calls a picture (default: the generator's)")
      .option('--space <name>', spaceHelp, 'pixels')
      .option('--quantile <share>', 'of distances within the radius (default: 0.05; pairs 0.25)')
      .option('--radius <number>', 'a radius to judge instead')
      .option('--force', 'give back a radius that covers more than half of what is drawn'),
    'print the calibration as one JSON document',
  )
    .addHelpText(
      'after',
      `${protectText}
Example:
  assay shield calibrate --protect training --prompt "a red apple" --prompt "a frog"`,
    )
    .action(runs(async () => (await import('./calibrate-command.js')).calibrateCommand))
}

function addServe(shield: Command): void {
  addSessionFlags(
    shield
      .command('serve')
      .description('shield samplers of other programs, step by step, on 127.0.0.1')
      .option('--protect <set>', 'protected pictures, also as NAME=FOLDER; repeatable', repeated)
      .option('--model <generator>', trainingHelp, 'assay/composer')
      .option('--size <pixels>', "of the sampler's pictures, for a folder of pictures")
      .option('--port <number>', 'port on this machine, 0 for any that is free', '0'),
    'print address, token and references as one JSON document',
  )
    .addHelpText(
      'after',
      `${protectText}
Prints SHIELD_URL and SHIELD_TOKEN once; the token is that of the environment, or a new one.
Radius and form are the clients' to choose: docs/shield-service.md. Ctrl-C ends it.

Example:
  assay shield serve --protect ours=./ours --size 32`,
    )
    .action(runs(async () => (await import('./serve-command.js')).serveCommand))
}
