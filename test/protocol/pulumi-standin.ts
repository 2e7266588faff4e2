/**
 * Stands in for the Pulumi CLI: does what STANDIN_PLAY says for each of its calls, and records how it was called. Nothing of the real
 * one is in it but what a test writes into the play.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Scene } from './pulumi-ground.ts'

const args = process.argv.slice(2)
const folder = process.env.STANDIN_PLAY ?? ''
const scenes = JSON.parse(readFileSync(`${folder}/play.json`, 'utf8')) as Scene[]
const record = `${folder}/calls.jsonl`
const { STANDIN_PLAY: _own, ...environment } = process.env
const scene = scenes.find((one) => args.join(' ').startsWith(one.call)) ?? { call: '' }
const log = args.indexOf('--event-log')
let interrupts = 0

appendFileSync(record, `${JSON.stringify({ args, environment })}\n`)
process.on('SIGINT', () => {
  interrupts++
  appendFileSync(record, `${JSON.stringify({ interrupts })}\n`)
  process.stdout.write(`interrupted ${interrupts}\n`)
  if (scene.hangs === 'deaf') return
  process.exitCode = scene.exitCode ?? 1
  clearTimeout(hanging)
})

for (const phase of scene.phases ?? [])
  writeFileSync(
    args[log + 1] ?? '',
    phase.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\n`).join(''),
  )
process.stdout.write(scene.stdout ?? '')
process.stderr.write(scene.stderr ?? '')
const hanging = setTimeout(() => undefined, scene.hangs === undefined ? 0 : 30_000)
process.exitCode = scene.exitCode ?? 0
