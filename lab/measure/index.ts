/** How long a join takes beside what it cannot do without, in one run on the same machine: `npm run bench -- --lab`. Not a test. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LabHost } from '../contract.ts'
import type { Lab, LabScenario } from '../inside/model.ts'
import { type Released, releasedFor } from '../released.ts'
import { expectPress, readyStatus, scenario, until } from '../scenarios/expect.ts'
import type { Situation } from '../situation.ts'

const rounds = 5
const execute = promisify(execFile)

interface Measured {
  /** `systemctl start` → Ready, everything being in place. */
  readonly start: number
  /** The manual procedure over ssh: copy, install, start, Ready. */
  readonly byHand: number
  /** The whole run of the action. */
  readonly press: number
  /** The run that has nothing to do. */
  readonly again: number
  readonly connections: number
  readonly sessions: number
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

async function untilReady(situation: Situation): Promise<void> {
  await until('calypso to be Ready', 60_000, async () => readyStatus(await situation.node()) === 'True')
}

/** A server that was told nothing but the token of the manual procedure: the server's own. */
async function startAlone(situation: Situation, released: Released): Promise<number> {
  const { calypso, cluster } = situation
  const installed = await byHand(calypso, released, cluster.server, cluster.serverToken, {
    INSTALL_K3S_SKIP_START: 'true',
  })
  if (installed.code !== 0) throw new Error(installed.stderr)
  return await seconds(async () => {
    const started = await calypso.run(['systemctl', 'start', 'k3s-agent.service'])
    if (started.code !== 0) throw new Error(started.stderr)
    await untilReady(situation)
  })
}

async function byHand(
  host: LabHost,
  { program, installer }: Released,
  server: string,
  token: string,
  more: Readonly<Record<string, string>>,
) {
  const files = { '/tmp/k3s': program, '/tmp/install.sh': installer }
  for (const [path, content] of Object.entries(files)) writeFileSync(join(host.share ?? '', path.slice(5)), content)
  const script = readFileSync(join(import.meta.dirname, 'by-hand.sh'), 'utf8').replaceAll('/tmp/', `${host.share}/`)
  return await host.run(['sh', '-s'], { input: script, environment: { K3S_URL: server, K3S_TOKEN: token, ...more } })
}

async function overSsh(situation: Situation, { program, installer }: Released): Promise<number> {
  const { calypso, cluster, folder } = situation
  const [key, knownHosts] = [join(folder, 'key'), join(folder, 'known_hosts')]
  writeFileSync(key, calypso.clientPrivateKey, { mode: 0o600 })
  writeFileSync(knownHosts, calypso.knownHosts)
  writeFileSync(join(folder, 'k3s'), program)
  writeFileSync(join(folder, 'install.sh'), installer)
  const script = readFileSync(join(import.meta.dirname, 'by-hand.sh'), 'utf8')
  const options = ['-F', 'none', '-i', key, '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'BatchMode=yes']
  return await seconds(async () => {
    await execute('scp', [
      ...options,
      '-q',
      join(folder, 'k3s'),
      join(folder, 'install.sh'),
      `root@${calypso.address}:/tmp/`,
    ])
    const variables = `K3S_URL=${cluster.server} K3S_TOKEN=${cluster.serverToken}`
    await execute('ssh', [...options, `root@${calypso.address}`, `export ${variables}\n${script}`])
    await untilReady(situation)
  })
}

/** Sessions that sshd started, from its own journal (LogLevel VERBOSE). */
async function sessionsOf(host: LabHost): Promise<number> {
  return (await host.journal('ssh.service')).split('\n').filter((line) => line.includes('Starting session:')).length
}

async function measure(lab: Lab): Promise<Measured[]> {
  const measured: Measured[] = []
  const released = releasedFor(lab.parts)
  const alone = async <Value>(body: (situation: Situation) => Promise<Value>): Promise<Value> => {
    const situation = await lab.situation({ hasGpu: false })
    try {
      return await body(situation)
    } finally {
      await situation.close()
    }
  }
  for (let round = 0; round < rounds; round++) {
    const start = await alone((situation) => startAlone(situation, released))
    const manual = await alone((situation) => overSsh(situation, released))
    measured.push(
      await alone(async (situation) => {
        const press = await seconds(async () =>
          expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'joined' } }),
        )
        const [connections, sessions] = [await situation.calypso.connections(), await sessionsOf(situation.calypso)]
        const again = await seconds(async () =>
          expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'unchanged' } }),
        )
        return { start, byHand: manual, press, again, connections, sessions }
      }),
    )
    lab.progress(`round ${round + 1} of ${rounds}`)
  }
  return measured
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

export const measurements: readonly LabScenario[] = [
  scenario('measure', 'how long a join takes beside what it cannot do without', async (lab) => {
    const measured = await measure(lab)
    const of = (name: keyof Measured): number => median(measured.map((round) => round[name]))
    const row = (name: string, value: number): string =>
      `${name.padEnd(52)} ${value.toFixed(2).padStart(6)} s   ${(value / of('start')).toFixed(2)} × the start alone`
    return [
      `medians of ${rounds} alternating rounds, a fresh machine each`,
      row('systemctl start to Ready, everything in place', of('start')),
      row('the manual procedure by scp and ssh', of('byHand')),
      row('k3s-join, the whole run', of('press')),
      `${'k3s-join above the start alone'.padEnd(52)} ${(of('press') - of('start')).toFixed(2).padStart(6)} s`,
      row('k3s-join, nothing to do', of('again')),
      `SSH connections ${of('connections')}, sessions ${of('sessions')}`,
    ].join('\n')
  }),
]
