import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addAttribution } from './commands/attribution/program.js'
import {
  addSessionFlags,
  deviceHelp,
  encoderHelp,
  repeated,
  runs,
} from './commands/common-flags.js'
import { addFilter } from './commands/filter/program.js'
import { addShield } from './commands/shield/program.js'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const generateHelp = `
Generators: assay/composer, assay/memoriser, assay/tiny-diffusion; openai:gpt-image-1 with
OPENAI_API_KEY, huggingface:OWNER/MODEL with HF_TOKEN, a1111:URL, comfyui:URL with --workflow.

Example:
  assay generate --prompt "a red apple" --prompt "a frog" --n 4 --contact-sheet`

/**
 * The command line. Commands are loaded when they run, so that `assay --help` answers at once.
 */
export function createProgram(): Command {
  const program = new Command('assay')
    .description(
      'Audit a text-to-image system: what it copies, repeats and misses, with intervals.',
    )
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError('(assay --help tells more)')
  addAudit(program)
  addAttribution(program)
  addDiversity(program)
  addEmbed(program)
  addFilter(program)
  addGenerate(program)
  addInspection(program)
  addModels(program)
  addShield(program)
  return program
}

function addAudit(program: Command): void {
  program
    .command('audit')
    .description('run the audits of a configuration, or of the folders named by flags')
    .argument('[config]', 'assay.config.ts, .js, .mjs or .json (default: found here, if any)')
    .option('--outputs <folder>', 'generated pictures, with metadata.jsonl for their prompts')
    .option('--protected <folder>', 'pictures that outputs must not copy')
    .option('--reference <folder>', 'real pictures to compare the outputs with')
    .option('--training <folder>', 'pictures that the generator was trained on')
    .option('--encoder <model>', encoderHelp)
    .option('--only <audits>', 'audits to run, separated by commas')
    .option('--seed <number>', 'seed of everything random')
    .option('--threads <number>', 'cores to keep busy; changes no result (default: all)')
    .option('--device <name>', `${deviceHelp} (default: cpu)`)
    .option('--out <folder>', 'folder of the results', 'assay-report')
    .option('--quiet', 'no progress and no summary')
    .option('--json', 'print the audit document, and nothing else, on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  assay audit --outputs ./pictures --protected ./ours --out report',
    )
    .action(runs(async () => (await import('./commands/audit-command.js')).auditCommand))
}

function addDiversity(program: Command): void {
  const command = program
    .command('diversity')
    .description('measure how different the pictures of a folder are, pooled and within prompts')
    .argument('<folder>', 'pictures, with metadata.jsonl for their prompts')
    .option('--reference <folder>', 'real pictures to compare with, with or without prompts')
    .option('--encoder <model>', encoderHelp, 'assay/tiny-clip')
    .option('--threshold <cosine>', "from where pictures are near-duplicates (default: the card's)")
    .option('--neighbours <number>', 'k of precision, recall, density and coverage', '5')
    .option('--groups <number>', 'groups of prompts that intervals leave out in turn', '20')
    .option('--level <share>', 'confidence level of the intervals', '0.95')
  addSessionFlags(command, 'print one JSON document, with the values of each prompt')
    .addHelpText('after', '\nExample:\n  assay diversity ./pictures --reference ./photographs')
    .action(runs(async () => (await import('./commands/diversity-command.js')).diversityCommand))
}

function addEmbed(program: Command): void {
  program
    .command('embed')
    .description('embed a folder of pictures into one safetensors file')
    .argument('<folder>', 'pictures, with or without metadata.jsonl')
    .option('--encoder <model>', encoderHelp, 'assay/tiny-clip')
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--out <file>', 'file to write', 'embeddings.safetensors')
    .option('--quiet', 'no progress')
    .option('--json', 'print what was done as one JSON document')
    .addHelpText('after', '\nExample:\n  assay embed ./pictures --out pictures.safetensors')
    .action(runs(async () => (await import('./commands/embed-command.js')).embedCommand))
}

function addGenerate(program: Command): void {
  program
    .command('generate')
    .description('draw pictures for prompts; issued again, it draws what is missing')
    .option('--prompt <text>', 'what to draw; may be given several times', repeated)
    .option('--prompts <file>', 'prompts: .txt, one a line, or .jsonl, objects with a prompt')
    .option('--n <number>', 'pictures of each prompt', '4')
    .option(
      '--seed <number>',
      'seed of the first picture of each prompt; the next ones follow',
      '1',
    )
    .option(
      '--model <generator>',
      'built-in id, folder in the layout of diffusers, or service (see below)',
      'assay/composer',
    )
    .option('--out <folder>', 'folder of the pictures: a new one, or one to go on with', 'pictures')
    .option('--steps <number>', "model calls a picture (default: the generator's)")
    .option('--guidance <number>', "guidance scale (default: the generator's)")
    .option('--size <pixels>', "512, or 768x512 (default: the generator's)")
    .option('--device <name>', `${deviceHelp} (default: cpu)`)
    .option('--workflow <file>', 'workflow for ComfyUI, as its "Export (API)" writes it')
    .option('--contact-sheet [file]', 'also write a sheet to look at (default: in the folder)')
    .option('--tolerance <share>', 'share of pictures that may fail before the exit code is 3', '0')
    .option('--quiet', 'no progress')
    .option('--json', 'print what was done as one JSON document')
    .addHelpText('after', generateHelp)
    .action(runs(async () => (await import('./commands/generate-command.js')).generateCommand))
}

function addInspection(program: Command): void {
  program
    .command('list')
    .description('list audits with their measures, models, and generators')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  assay list')
    .action(runs(async () => (await import('./commands/list-command.js')).listCommand))
  program
    .command('explain')
    .description('explain an audit, a measure, a model or a generator')
    .argument('<id>', 'for instance similarity, similarity/vendi or assay/tiny-clip')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  assay explain similarity')
    .action(runs(async () => (await import('./commands/explain-command.js')).explainCommand))
  program
    .command('doctor')
    .description('check that everything Assay needs works on this machine')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  assay doctor')
    .action(runs(async () => (await import('./commands/doctor-command.js')).doctorCommand))
}

function addModels(program: Command): void {
  const models = program.command('models').description('models: list, pull, verify, remove')
  models
    .command('ls')
    .description('list models, here or to be pulled, with their licence and size')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  assay models ls')
    .action(runs(async () => (await import('./commands/models-list-command.js')).modelsListCommand))
  addModelsPull(models)
  models
    .command('verify')
    .description('hash models again; ends with 1 where a file is not what it must be')
    .argument('[models...]', 'model ids (default: all on this machine)')
    .option('--quiet', 'no progress')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  assay models verify')
    .action(
      runs(async () => (await import('./commands/models-verify-command.js')).modelsVerifyCommand),
    )
  models
    .command('rm')
    .description('remove a model that was pulled')
    .argument('<model>', 'model id')
    .option('--yes', 'do not ask')
    .option('--forget', 'also forget what its files were pinned to')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  assay models rm Xenova/clip-vit-base-patch32')
    .action(
      runs(async () => (await import('./commands/models-remove-command.js')).modelsRemoveCommand),
    )
}

function addModelsPull(models: Command): void {
  models
    .command('pull')
    .description('fetch a model: shows what it is and asks first; issued again, it goes on')
    .argument('<model>', 'model id, or folder with a card.json that names a repository')
    .option('--accept-licence', 'accept the licence of the weights without being asked')
    .option('--yes', 'pin what the hub serves, where nobody has told a hash, without being asked')
    .option('--plan', 'only show what would be fetched')
    .option('--offline', 'open no connection; fail where a file is not here')
    .option('--hub <url>', 'hub to fetch from (default: HF_ENDPOINT, or https://huggingface.co)')
    .option('--no-wait', 'fail where another process is pulling the model')
    .option('--quiet', 'no plan and no progress')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nA token in HF_TOKEN is sent to the hub.\n\nExample:\n  assay models pull Xenova/clip-vit-base-patch32',
    )
    .action(runs(async () => (await import('./commands/models-pull-command.js')).modelsPullCommand))
}
