/**
 * Loaded first into every Node process of a job: gives a step what act lacks for its job, and says at the end which Node it was and how
 * it ended. By NODE_OPTIONS and not by a wrapper: sh drops INPUT_EXPORT-ENV and every other variable that is no name in a shell.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const { ACT_JOBS: jobs, ACT_WITNESS: witness, GITHUB_JOB: job, GITHUB_ACTION: step = '' } = process.env

if (jobs && job) {
  const { variables, endpoints } = JSON.parse(readFileSync(join(jobs, `${job}.json`), 'utf8'))
  process.env.REHEARSAL_ENDPOINTS = endpoints
  Object.assign(process.env, variables)
}
if (witness && job)
  process.once('exit', (code) => {
    const said = { job, step, version: process.version, program: process.argv[1] ?? '', code }
    appendFileSync(witness, `${JSON.stringify(said)}\n`)
  })
