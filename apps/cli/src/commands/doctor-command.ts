import pc from 'picocolors'
import { type CheckResult, runCheck } from '../doctor/check.js'
import { checks } from '../doctor/checks.js'
import { exitCode } from '../exit-code.js'
import { printJson } from '../print-json.js'

/** `assay doctor`: tries everything that Assay needs; exit code 1 where something does not work. */
export async function doctorCommand(flags: { readonly json?: boolean }): Promise<number> {
  const results: CheckResult[] = []
  for (const check of checks) results.push(await runCheck(check))
  if (flags.json) printJson({ checks: results })
  else process.stdout.write(results.map(line).join(''))
  return results.every(({ works }) => works) ? exitCode.ok : exitCode.internal
}

function line({ name, works, detail, remedy }: CheckResult): string {
  const mark = works ? pc.green('ok  ') : pc.red('FAIL')
  return `${mark}  ${name}: ${detail}${works ? '' : `\n      ${remedy}`}\n`
}
