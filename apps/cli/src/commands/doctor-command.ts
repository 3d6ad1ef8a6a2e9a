import pc from 'picocolors'
import { type CheckResult, runCheck } from '../doctor/check.js'
import { checks } from '../doctor/checks.js'
import { exitCode } from '../exit-code.js'
import { printJson } from '../print-json.js'

/**
 * `assay doctor`: tries everything that Assay needs or can use; exit code 1 where something that it needs
 * does not work.
 */
export async function doctorCommand(flags: { readonly json?: boolean }): Promise<number> {
  const results = await Promise.all(checks.map(runCheck))
  if (flags.json) printJson({ checks: results })
  else process.stdout.write(results.map(line).join(''))
  return results.every(({ works, needed }) => works || !needed) ? exitCode.ok : exitCode.internal
}

function line({ name, works, needed, detail, remedy }: CheckResult): string {
  const mark = works ? pc.green('ok  ') : needed ? pc.red('FAIL') : pc.dim('none')
  return `${mark}  ${name}: ${detail}${works ? '' : `\n      ${remedy}`}\n`
}
