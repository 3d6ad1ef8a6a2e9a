#!/usr/bin/env node
import { createProgram } from './program.js'
import { reportError } from './report-error.js'

// A reader that goes away (`assay list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = reportError(error)
}
