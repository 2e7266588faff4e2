import { rmSync } from 'node:fs'
import { startWorld } from './world.ts'
import { runWorkflow } from './workflow/index.ts'
rmSync('/tmp/h3run', { recursive: true, force: true })
const t0 = performance.now()
const world = await startWorld({ directory: '/tmp/h3run/world', faults: new Set(), calypso: 'in-service', kubeconfig: 'admin' })
try {
  for (const n of [41, 42]) {
    const run = await runWorkflow({
      workflow: '.github/workflows/deploy.yml', event: { name: 'push', branch: 'main', paths: ['cluster/index.ts'] } as never,
      directory: `/tmp/h3run/run${n}`, runner: '/tmp/h3run/runner', caches: '/tmp/h3run/caches', secrets: world.secrets, machine: world.machine, hosted: world.hosted, overlay: world.deploy.overlay,
      vars: world.vars, endpoints: world.endpoints, caFile: world.caFile, idTokens: world.idTokens, tokens: world.github.tokens, runNumber: n, log: n === 41 ? process.stdout : undefined,
    })
    console.log(run.conclusion, run.jobs.map((j) => [j.id, j.conclusion, j.outputs]), performance.now() - t0)
    if (n === 41) console.log(run.summary)
  }
  console.log(world.deploy.calls.map((c) => [c.program, ...c.arguments].join(' ')).join('\n'))
  console.log(Object.keys(world.deploy.calls.at(-1)!.environment).join(' '))
  console.log(Object.keys(world.deploy.calls[1]!.environment).join(' '))
} finally { await world.close() }
