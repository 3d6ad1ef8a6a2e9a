// drawJobs in a process of its own, which is killed as soon as it has so many results.
// node run-draw-jobs.mjs OPTIONS_AS_JSON RESULTS
import { argv, kill, pid } from 'node:process'
import { drawJobs } from '../draw-jobs.mjs'

const onResult = ({ done }) => done === Number(argv[3]) && kill(pid, 'SIGKILL')
await drawJobs({ ...JSON.parse(argv[2]), onResult })
