/**
 * The committed bundle of k3s-join, gpu-runtime or verify-cluster, started as the runner starts it: inputs in the environment, files for
 * outputs, an exit code. Around it stands the embedded world.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import { type Exhibit, expectNoLeaks } from '../../lab/secrets.ts'
import type { WorldOptions } from '../../rehearsal/contract.ts'
import {
  committedInputs,
  layWorkspace,
  type Place,
  type Press,
  pressBundle,
  type Running,
} from '../../rehearsal/press.ts'
import { faults as knownFaults } from '../../rehearsal/scenarios/index.ts'
import { machineOf } from '../../rehearsal/sites/index.ts'
import { treesOf } from '../../rehearsal/trees.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'

export type { Press, Running } from '../../rehearsal/press.ts'

type Action = 'k3s-join' | 'gpu-runtime' | 'verify-cluster'

export interface Door {
  readonly action: Action
  readonly world: World
  readonly folder: string
  /** Every secret of the world: those it began with, and the tokens that were minted since, also when they are gone again. */
  secrets(): readonly string[]
  start(
    inputs?: Readonly<Record<string, string>>,
    stage?: 'main' | 'post',
    state?: Readonly<Record<string, string>>,
    place?: Partial<Place>,
  ): Running
  press(inputs?: Readonly<Record<string, string>>, place?: Partial<Place>): Promise<Press>
  post(state: Readonly<Record<string, string>>): Promise<Press>
  /** Path → mode, owner and content of everything below the promised trees of calypso. */
  trees(): Readonly<Record<string, string>>
  /** The folder of the press that was started last. */
  lastPress(): string
  /** Everything that the presses so far have shown or left on the runner, by where. What tells the runner to mask is not shown by it. */
  left(): readonly Exhibit[]
  /** Looks at what every press has shown or left, and fails where it holds a secret. */
  close(): Promise<void>
}

export interface DoorOptions extends Partial<Omit<WorldOptions, 'directory'>> {
  /** Default: k3s-join. */
  readonly action?: Action
  /** k3s-join with `state: absent`, of a calypso that works for the cluster, with the rights of a removal and no others. */
  readonly isLeaving?: true
}

/** As the committed workflow gives them, less what belongs to a join; undefined: all of them. */
const committedFor: Readonly<Record<Action, readonly string[] | undefined>> = {
  'k3s-join': undefined,
  'gpu-runtime': ['cluster-file', 'node', 'ssh-private-key', 'known-hosts', 'allow-gpu-disruption', 'dry-run'],
  'verify-cluster': ['cluster-file'],
}

/** What calypso is, where nobody says: before it joined, joined, and in service. */
const calypsoFor = { 'k3s-join': 'fresh', 'gpu-runtime': 'joined-by-hand', 'verify-cluster': 'in-service' } as const

/** The rights of one action's manifests, and no others. */
function kubeconfigFor(action: Action | 'leave', world: World, folder: string): string {
  if (action === 'leave') {
    const own = join(folder, 'kubeconfig-remove')
    writeFileSync(own, world.cluster.removeKubeconfig('https://157.173.210.123:6443'), { mode: 0o600 })
    return own
  }
  if (action === 'k3s-join') return world.kubeconfigFile
  if (action === 'gpu-runtime') return world.gpuKubeconfigFile
  const path = join(folder, 'kubeconfig-verify')
  writeFileSync(path, world.cluster.verifyKubeconfig('https://157.173.210.123:6443'), { mode: 0o600 })
  return path
}

export async function openDoor({ action = 'k3s-join', isLeaving, ...options }: DoorOptions = {}): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'k3s-gpu-actions-door-'))
  const world = await startWorld({
    directory: join(folder, 'world'),
    faults: new Set(),
    calypso: isLeaving ? 'joined-by-us' : calypsoFor[action],
    ...(isLeaving && { hasWork: true }),
    pace: 0.2,
    ...options,
  })
  const minted: string[] = []
  world.cluster.objects.listen(({ object }) => {
    const { 'token-id': id, 'token-secret': secret } = (object.data ?? {}) as Record<string, string | undefined>
    // The secret alone: whoever shows the whole token shows it too. The id is no secret.
    if (id && secret) minted.push(Buffer.from(secret, 'base64').toString(), secret)
  })
  const { endpoints, caFile } = world
  const machine = { KUBECONFIG: kubeconfigFor(isLeaving ? 'leave' : action, world, folder) }
  const machineOfWorld = machineOf(world.site, options.node)
  const committed = committedInputs(
    {
      privateKey: world.host.clientPrivateKey,
      knownHosts: world.vars[machineOfWorld.knownHostsVariable] ?? '',
    },
    world.site,
    machineOfWorld.name,
  )
  const isOurs = ([name]: [string, string]): boolean => committedFor[action]?.includes(name) ?? true
  const token = {
    'access-client-id': world.secrets.ACCESS_CLIENT_ID ?? '',
    'access-client-secret': world.secrets.ACCESS_CLIENT_SECRET ?? '',
  }
  const defaults: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.entries(committed).filter(isOurs)),
    ...(action === 'verify-cluster' ? token : {}),
    ...(isLeaving && { state: 'absent', 'remove-node': 'calypso' }),
  }
  // What belongs to a fault besides the world: it is committed or typed so.
  const faults = [...(options.faults ?? [])]
  const typed = Object.assign({}, ...faults.map((fault) => knownFaults[fault].inputs)) as Record<string, string>
  const workspace = layWorkspace(folder, faults, world.site)
  const place = { folder, endpoints, caFile, machine, ...(workspace !== undefined && { workspace }) }
  const presses: Press[] = []
  const start: Door['start'] = (inputs = {}, stage = 'main', state = {}, otherPlace = {}) => {
    const running = pressBundle(
      { ...place, ...otherPlace, machine: { ...machine, ...otherPlace.machine } },
      { action, stage, inputs: { ...defaults, ...typed, ...inputs }, state },
    )
    // Whoever waits for it hears when it breaks.
    running.ended.then(
      (press) => presses.push(press),
      () => undefined,
    )
    return running
  }
  const secrets = (): readonly string[] => [
    ...world.cluster.secrets,
    ...minted,
    ...Object.values(world.secrets),
    ...world.calypso.clientPrivateKey.split('\n').filter((line) => line.length > 8 && !line.startsWith('---')),
  ]
  const left = (): readonly Exhibit[] => {
    const shown = presses.flatMap(({ stdout, stderr }, index) => [
      {
        where: `the log of press ${index + 1}`,
        text: stdout
          .split('\n')
          .filter((line) => !line.startsWith('::add-mask::'))
          .join('\n'),
      },
      { where: `standard error of press ${index + 1}`, text: stderr },
    ])
    // Command files, temporary folder, home and tool cache: what a job leaves on its runner.
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /^(?:press-|tools|reports\/|world\/pressed-before\/)/.test(name))
      .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    return [
      ...shown,
      // Bytes that are no text keep the text around them.
      ...files.map((name) => ({ where: name, text: readFileSync(join(folder, name), 'latin1') })),
    ]
  }

  return {
    action,
    world,
    folder,
    secrets,
    start,
    press: (inputs, place) => start(inputs, 'main', {}, place).ended,
    post: (state) => start({}, 'post', state).ended,
    trees: () => treesOf(world.calypso.root),
    lastPress: () => join(folder, `press-${readdirSync(folder).filter((name) => name.startsWith('press-')).length}`),
    left,
    async close() {
      try {
        expectNoLeaks(
          left(),
          secrets().map((value, index) => ({ name: `secret ${index} (${value.slice(0, 3)}…)`, value })),
        )
      } finally {
        await world.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** Secrets of bootstrap tokens that exist in the cluster now. */
export function tokenNames(world: World): readonly string[] {
  return world.cluster.objects
    .list('secrets/kube-system/')
    .map((secret) => secret.metadata.name)
    .filter((name) => name.startsWith('bootstrap-token-'))
}

/** Requests of the runner that change something in the cluster; asking what one may do changes nothing. */
export function mutations(world: World): readonly string[] {
  return world.cluster.requests.filter(
    (request) => /^(POST|PUT|PATCH|DELETE) /.test(request) && !/selfsubjectaccessreviews|\/standin\//.test(request),
  )
}

/** For test files: opens doors and closes them after each test. */
export function doors(): (...options: Parameters<typeof openDoor>) => Promise<Door> {
  const open = new Set<Door>()
  afterEach(async () => {
    const closing = [...open]
    open.clear()
    // One that fails must not leave the others open.
    for (const result of await Promise.allSettled(closing.map((door) => door.close())))
      if (result.status === 'rejected') throw result.reason
  })
  return async (...options) => {
    const door = await openDoor(...options)
    open.add(door)
    return door
  }
}
