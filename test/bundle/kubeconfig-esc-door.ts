/**
 * The committed bundle of kubeconfig-esc, started as the runner starts it. Around it stand the embedded cluster, Pulumi Cloud and
 * GitHub's issuer; all presses share one temporary folder and one home, as the jobs of one runner do.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect } from '@jest/globals'
import { parse } from 'yaml'
import { type Exhibit, expectNoLeaks, filesBelow, type Secret } from '../../lab/secrets.ts'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import type { Endpoint } from '../../rehearsal/contract.ts'
import { type Definition, type Pulumi, pulumiName } from '../../rehearsal/esc/index.ts'
import { environmentReference, startOceanid } from '../../rehearsal/esc/oceanid.ts'
import { type IdTokens, idTokenNames, startIdTokens } from '../../rehearsal/github/id-tokens.ts'
import { type Place, type Press, pressBundle, type Running } from '../../rehearsal/press.ts'
import { parseKeyValues } from '../../rehearsal/workflow/file-commands.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { layHome, marked, parentOf, pids, workerProgram } from './kubeconfig-esc-machine.ts'

export { environmentReference } from '../../rehearsal/esc/oceanid.ts'
export type { Press } from '../../rehearsal/press.ts'

export const apiServer = { host: '157.173.210.123', port: 6443 }
export const server = `https://${apiServer.host}:${apiServer.port}`
/** Of the environment that the world begins with. */
export const kubeconfigProperty = 'pulumiConfig["oceanid-cluster:kubeconfig"]'
export const sshKeyProperty = 'pulumiConfig["oceanid-cluster:calypso_ssh_key"]'

export interface Order {
  readonly inputs?: Readonly<Record<string, string>>
  readonly stage?: 'main' | 'post'
  /** What main saved. */
  readonly state?: Readonly<Record<string, string>>
  /** Environment of the runner's machine, over what the door gives. */
  readonly machine?: Readonly<Record<string, string>>
  /** The job's worker, which starts the bundle: it lives on, or it ends together with it. */
  readonly worker?: 'lives' | 'dies'
  /** Modules that are loaded before the bundle. */
  readonly preload?: readonly string[]
  readonly endpoints?: readonly Endpoint[]
}

export interface Started extends Running {
  /** What is in GITHUB_ENV now, name by name. */
  exported(): Readonly<Record<string, string>>
  /** Kills the bundle, and its worker when that dies with it. */
  kill(): Promise<Press>
}

export interface Done extends Press {
  readonly exported: Readonly<Record<string, string>>
}

export interface EscDoor {
  readonly folder: string
  readonly cluster: Cluster
  readonly pulumi: Pulumi
  readonly idTokens: IdTokens
  readonly endpoints: readonly Endpoint[]
  /** RUNNER_TEMP of every press that names no other. */
  readonly temp: string
  readonly home: string
  readonly accessToken: string
  readonly sshKey: string
  /** Environment of a job that may ask for an ID token, and that Pulumi trusts. */
  trusted(claims?: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  /** Writes a kubeconfig into an environment; gives the inputs that read it. */
  store(kubeconfig: string | Definition, name?: string): Readonly<Record<string, string>>
  start(order?: Order): Started
  press(order?: Order): Promise<Done>
  post(main: Pick<Press, 'state'>, order?: Order): Promise<Done>
  /** From now on a text of this test is secret, too. */
  keepSecret(name: string, value: string): void
  /** What of all presses is left now: files but those of reports, and processes. */
  leftovers(temp?: string): readonly string[]
  /** Takes back what was placed, and fails where anything is left, HOME was changed, or a secret lies or was shown. */
  close(): Promise<void>
}

/** Inputs with a default come to an action from its action.yml. */
const defaults = (() => {
  const text = readFileSync(join(repositoryRoot, 'actions', 'kubeconfig-esc', 'action.yml'), 'utf8')
  const { inputs } = parse(text) as { inputs: Record<string, { default?: string }> }
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']))
})()

/** A kubeconfig is no secret as a whole: its server and its names are shown. */
const isDocument = (text: string): boolean => /^apiVersion:|"clusters"|^clusters:/m.test(text)

export async function openEscDoor(): Promise<EscDoor> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-esc-door-'))
  const [temp, home] = [join(folder, 'temp'), join(folder, 'home')]
  mkdirSync(temp)
  layHome(home)
  const homeBefore = JSON.stringify(filesBelow(home))
  const cluster = await startCluster({ directory: folder, faults: new Set(), calypso: 'fresh' })
  const certificate = await cluster.issue([...idTokenNames, pulumiName])
  const idTokens = await startIdTokens({ certificate })
  const sshKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const pulumi = await startOceanid({
    certificate,
    cluster,
    calypso: { clientPrivateKey: sshKey },
    server,
    faults: new Set(),
    verify: idTokens.verify,
  })
  const accessToken = pulumi.accessToken({
    organization: 'ryan-taylor',
    tokenType: 'personal',
    name: 'ryan-taylor',
  })
  const endpoints: readonly Endpoint[] = [
    { host: pulumiName, port: 443, to: pulumi.port },
    ...idTokenNames.map((host) => ({ host, port: 443, to: idTokens.port })),
    { ...apiServer, to: cluster.port },
  ]
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, cluster.caPem)
  const mark = `github_${randomBytes(12).toString('hex')}`
  const presses: Press[] = []
  const running = new Set<Started>()
  const states: Readonly<Record<string, string>>[] = []
  const temps = new Set([temp])
  const secrets: Secret[] = []
  const ended: { end(): void }[] = []
  let number = 0

  const start: EscDoor['start'] = (order = {}) => {
    number += 1
    const run = join(folder, `press-${number}`)
    const dies = order.worker === 'dies'
    const machine = { HOME: home, RUNNER_TEMP: temp, RUNNER_TRACKING_ID: mark, ...order.machine }
    temps.add(machine.RUNNER_TEMP)
    const wrap: Place['wrap'] = ([node = '', ...rest]) => {
      const command = [node, ...(order.preload ?? []).flatMap((file) => ['--import', file]), ...rest]
      return dies ? [node, '-e', workerProgram, '--', ...command] : command
    }
    const given = order.inputs ?? { environment: environmentReference, property: kubeconfigProperty }
    const isMain = order.stage !== 'post'
    const inputs = { ...defaults, ...(isMain ? { 'access-token': accessToken } : {}), ...given }
    const press = pressBundle(
      { folder, endpoints: order.endpoints ?? endpoints, caFile, machine, wrap },
      {
        action: 'kubeconfig-esc',
        stage: order.stage ?? 'main',
        // GitHub gives an input that is empty as an empty variable, too.
        inputs,
        state: order.state ?? {},
      },
    )
    const exported = (): Record<string, string> =>
      Object.fromEntries(parseKeyValues(readFileSync(join(run, 'env'), 'utf8')))
    const started: Started = {
      ...press,
      exported,
      async kill() {
        const { pid } = press.child
        const bundles = dies ? pids().filter((one) => parentOf(one) === pid) : [String(pid)]
        // The worker first: it must not see the end of its child, as if that had been one.
        if (dies) press.child.kill('SIGKILL')
        for (const one of bundles) process.kill(Number(one), 'SIGKILL')
        return await press.ended
      },
    }
    running.add(started)
    press.ended
      .then(
        (done) => {
          presses.push(done)
          if (isMain && done.state.nonce) states.push(done.state)
        },
        () => undefined,
      )
      .finally(() => running.delete(started))
    return started
  }
  const finish = async (started: Started): Promise<Done> => ({
    ...(await started.ended),
    exported: started.exported(),
  })
  const press: EscDoor['press'] = (order) => finish(start(order))
  const post: EscDoor['post'] = ({ state }, order = {}) => finish(start({ inputs: {}, ...order, stage: 'post', state }))

  const leftovers: EscDoor['leftovers'] = (where = temp) => [
    ...readdirSync(where, { recursive: true, encoding: 'utf8' })
      // Reports are kept for later steps, and hold no secret.
      .filter((name) => !/^k3s-gpu-actions(?:$|\/)/.test(name))
      .map((name) => `file ${name}`),
    ...marked(
      mark,
      [...running].map(({ child }) => child.pid),
    ),
  ]

  const scan = (): void => {
    const exhibits: Exhibit[] = presses.flatMap(({ stdout, stderr }, index) => [
      {
        where: `the log of press ${index + 1}`,
        text: stdout
          .split('\n')
          .filter((line) => !line.startsWith('::add-mask::'))
          .join('\n'),
      },
      { where: `standard error of press ${index + 1}`, text: stderr },
    ])
    const below = readdirSync(folder).filter(
      (name) => name.startsWith('press-') || existsSync(join(folder, name, 'k3s-gpu-actions')),
    )
    for (const name of below) exhibits.push(...filesBelow(join(folder, name)))
    const known = [...pulumi.secrets, ...idTokens.secrets, ...cluster.secrets].filter((text) => !isDocument(text))
    expectNoLeaks(exhibits, [
      ...known.map((value, index) => ({ name: `secret ${index} (${value.slice(0, 3)}…)`, value })),
      ...secrets,
    ])
  }

  return {
    folder,
    cluster,
    pulumi,
    idTokens,
    endpoints,
    temp,
    home,
    accessToken,
    sshKey,
    trusted(claims = {}) {
      const job = idTokens.admit({
        repository: 'rehearsal/k3s-gpu-actions',
        repository_id: '1',
        repository_owner: 'rehearsal',
        repository_owner_id: '2',
        environment: 'oceanid',
        job_workflow_ref: 'rehearsal/k3s-gpu-actions/.github/workflows/join-node.yml@refs/heads/main',
        runner_environment: 'self-hosted',
        ref: 'refs/heads/main',
        event_name: 'workflow_dispatch',
        ...claims,
      })
      ended.push(job)
      return { ACTIONS_ID_TOKEN_REQUEST_URL: job.requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.requestToken }
    },
    store(kubeconfig, name = 'stored') {
      const reference = `ryan-taylor/default/${name}`
      const definition =
        typeof kubeconfig === 'string' ? { files: { KUBECONFIG: { 'fn::secret': kubeconfig } } } : kubeconfig
      pulumi.put(reference, definition)
      return { environment: reference, property: 'files.KUBECONFIG' }
    },
    start,
    press,
    post,
    keepSecret: (name, value) => secrets.push({ name, value }),
    leftovers,
    async close() {
      try {
        for (const one of running) await one.kill().catch(() => undefined)
        for (const state of states.splice(0))
          for (const where of temps) await post({ state }, { machine: { RUNNER_TEMP: where } })
        expect([...temps].flatMap((where) => leftovers(where))).toEqual([])
        expect(JSON.stringify(filesBelow(home))).toBe(homeBefore)
        scan()
      } finally {
        for (const job of ended) job.end()
        await pulumi.close()
        await idTokens.close()
        await cluster.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** For test files: opens doors and closes them after each test. */
export function escDoors(): () => Promise<EscDoor> {
  const open = new Set<EscDoor>()
  afterEach(async () => {
    const closing = [...open]
    open.clear()
    for (const result of await Promise.allSettled(closing.map((door) => door.close())))
      if (result.status === 'rejected') throw result.reason
  })
  return async () => {
    const door = await openEscDoor()
    open.add(door)
    return door
  }
}
