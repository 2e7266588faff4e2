/**
 * Runs inside the lab's namespaces, as their second process: opens the lab and answers on the unix socket `STATE/control`.
 *
 *   GET  /status           what stands, as JSON
 *   GET  /start            lines of progress until the lab stands or has failed
 *   POST /run/<scenario>   lines of progress while it runs
 *   POST /stop             ends the lab
 *
 * Answers with progress are text; their last line is a result as JSON. LAB_STATE, LAB_PARTS (JSON) and LAB_KIND tell what to open.
 */
import { mkdirSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Parts } from '../contract.ts'
import type { ScenarioResult } from './model.ts'
import { Standing } from './standing.ts'

function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: this program is started by lab/keeper/keeper.sh`)
  return value
}

const state = variable('LAB_STATE')
const parts = JSON.parse(variable('LAB_PARTS')) as Parts
mkdirSync(process.env.HOME ?? join(state, 'home'), { recursive: true })

const standing = new Standing({ parts, state, hasMachines: process.env.LAB_KIND === 'standing' })
const soFar: string[] = []
const forget = standing.listen((line) => soFar.push(line))

async function stream(response: ServerResponse, before: readonly string[], work: () => Promise<ScenarioResult>) {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
  response.flushHeaders()
  const send = (text: string): void => {
    // One line each, whatever a part of the lab put into its text.
    for (const line of text.split('\n')) response.write(`${line}\n`)
  }
  before.forEach(send)
  const silence = standing.listen(send)
  const result = await work()
  silence()
  response.end(`${JSON.stringify(result)}\n`)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = `${request.method} ${request.url}`
  const run = /^POST \/run\/([a-z0-9-]+)$/.exec(asked)?.[1]
  if (run !== undefined) await stream(response, [], () => standing.run(run))
  else if (asked === 'GET /start') await stream(response, soFar, () => opened)
  else if (asked === 'GET /status') response.end(JSON.stringify(standing.status()))
  else if (asked === 'POST /stop') {
    await standing.close()
    response.end('ended\n', () => process.exit(0))
  } else response.writeHead(404).end()
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    process.stderr.write(`${request.method} ${request.url}: ${(error as Error).stack}\n`)
    response.end(`${JSON.stringify({ outcome: 'failed', text: (error as Error).message })}\n`)
  })
})

const opened: Promise<ScenarioResult> = standing.open().then(
  () => ({ outcome: 'passed', text: 'the lab stands' }),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`)
    return { outcome: 'failed', text: error.message, ...(error.stack === undefined ? {} : { detail: error.stack }) }
  },
)
server.listen(join(state, 'control'))
await opened
forget()
