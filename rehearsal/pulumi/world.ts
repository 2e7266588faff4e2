/** The stack of the seeds in the embedded world: at Pulumi Cloud, on the runner, and in the repository. */
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '../cluster/index.ts'
import type { Endpoint } from '../contract.ts'
import { type Answer, answers, type StackCall } from '../esc/index.ts'
import { newSalt } from './cli/crypter.ts'
import { sealed } from './cli/secrets.ts'
import type { CliSettings, DeployFault, ProgramCall, Properties } from './model.ts'
import { layOverlay } from './overlay.ts'
import { layPrograms } from './programs.ts'
import { answerStacks } from './routes.ts'
import { deploymentOf, earlierThan, stackReference, urns, wantedBy } from './seed.ts'
import { type Stack, Stacks } from './stacks.ts'

export interface DeployOptions {
  readonly directory: string
  /** Folder for the package managers, which stands before all others on the runner's PATH. */
  readonly programs: string
  /** Whose CA and UID the stack expects. */
  readonly cluster: Pick<Cluster, 'caPem'> & {
    readonly objects: { get(key: string): { readonly metadata: { readonly uid?: string } } | undefined }
  }
  readonly nowMs?: () => number
}

export interface DeployWorld {
  /** Path of the `pulumi` program. */
  readonly program: string
  /** Where the files of the owner's repository lie that this one does not have: `cluster/`. */
  readonly overlay: string
  /** PULUMI_CONFIG_PASSPHRASE of the stack. */
  readonly passphrase: string
  /** What must never be seen: the passphrase, the secret of the configuration, tokens of updates. */
  readonly secrets: readonly string[]
  /** Every call of pulumi, npm, pnpm and yarn since the start, with its environment. */
  readonly calls: readonly ProgramCall[]
  /** The stack as Pulumi Cloud has it; undefined: there is none. */
  readonly stack: Stack | undefined
  readonly stacks: Stacks
  /** From now on exactly these are wrong. What has happened stays: a lock is held until somebody ends it. */
  set(faults: ReadonlySet<DeployFault>): void
  /** An earlier deployment brought everything to what the program wants. */
  settle(): void
  /** Somebody changed a resource by hand. @param properties undefined: it was deleted */
  change(urn: string, properties: Properties | undefined): void
  /** What the resources really are. */
  reality(): Readonly<Record<string, Properties>>
  /** For the embedded Pulumi Cloud. */
  answer(ask: StackCall): Answer
  refusesLogin(): boolean
  /** How the programs reach the outside. */
  lead(endpoints: readonly Endpoint[]): void
}

/** A key takes a million rounds to make: nobody waits for it who deploys nothing. */
function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

export function layDeployWorld({ directory, programs: folder, cluster, nowMs = Date.now }: DeployOptions): DeployWorld {
  const state = join(directory, 'pulumi')
  const overlay = join(directory, 'overlay')
  mkdirSync(state, { recursive: true })
  const settings: CliSettings = {
    caFile: join(state, 'ca.pem'),
    realityFile: join(state, 'reality.json'),
    callsFile: join(state, 'calls.jsonl'),
    faults: [],
    stepMs: 10,
  }
  writeFileSync(settings.caFile, cluster.caPem)
  const programs = layPrograms(folder, state, settings.callsFile)
  programs.set(settings)
  const passphrase = randomBytes(18).toString('base64url')
  const values = { tritonUrl: 'https://gpu.boathou.se', tunnelToken: `tunnel-${randomBytes(24).toString('hex')}` }
  const stacks = new Stacks(nowMs)
  let faults: ReadonlySet<DeployFault> = new Set()

  const key = lazily(() => newSalt(passphrase))
  const otherKey = lazily(() => newSalt(`${passphrase}-of-another-stack`))
  const keep = (reality: Readonly<Record<string, Properties>>): void =>
    writeFileSync(settings.realityFile, JSON.stringify(reality))
  const reality = (): Record<string, Properties> =>
    JSON.parse(readFileSync(settings.realityFile, 'utf8')) as Record<string, Properties>
  const lay = (): void => {
    const { encryptionSalt, crypter } = faults.has('deploy-passphrase-wrong') ? otherKey() : key()
    const caSha256 = createHash('sha256').update(new X509Certificate(cluster.caPem).raw).digest('hex')
    const clusterUid = String(cluster.objects.get('namespaces/kube-system')?.metadata.uid ?? '')
    const tunnelToken = crypter.encrypt(values.tunnelToken)
    layOverlay(overlay, { ...values, caSha256, clusterUid, encryptionSalt, tunnelToken }, faults)
  }
  const ready = lazily(() => {
    const before = earlierThan(values)
    keep(before)
    stacks.add(stackReference, sealed(deploymentOf(before), key().crypter))
    lay()
  })
  /** What happens once, when its fault begins. */
  const begin = (fault: DeployFault): void => {
    const author = 'ryan-taylor'
    if (fault === 'deploy-stack-missing') stacks.delete(stackReference)
    if (fault === 'deploy-locked') stacks.hold(stackReference, { author, message: 'by hand' })
    // A run of ours was killed.
    if (fault === 'deploy-lock-left')
      stacks.hold(stackReference, {
        author,
        message: 'Deploy oceanid',
        environment: { 'ci.system': 'GitHub Actions', 'ci.build.id': '99999999' },
      })
    if (fault === 'deploy-drift')
      keep({
        ...reality(),
        [urns.triton]: {
          metadata: { name: 'triton', namespace: 'apps' },
          data: { url: 'http://10.0.0.99:8000', model: 'distilbert-base-uncased' },
        },
      })
  }
  return {
    program: programs.pulumi,
    passphrase,
    stacks,
    reality,
    lead: programs.lead,
    refusesLogin: () => faults.has('deploy-token-refused'),
    get overlay() {
      ready()
      return overlay
    },
    get secrets() {
      return [passphrase, values.tunnelToken, ...stacks.tokens]
    },
    get calls() {
      return programs.calls
    },
    get stack() {
      ready()
      return stacks.get(stackReference)
    },
    set(next) {
      ready()
      const before = faults
      faults = next
      programs.set({ ...settings, faults: [...next] })
      lay()
      for (const fault of next) if (!before.has(fault)) begin(fault)
    },
    settle() {
      ready()
      const stack = stacks.get(stackReference)
      if (stack === undefined) throw new Error(`there is no stack ${stackReference}`)
      const wanted = wantedBy(values)
      keep(wanted)
      stack.deployment = sealed(deploymentOf(wanted), key().crypter)
    },
    change(urn, properties) {
      ready()
      const { [urn]: _before, ...others } = reality()
      keep(properties === undefined ? others : { ...others, [urn]: properties })
    },
    answer(ask) {
      ready()
      if (faults.has('deploy-cloud-down')) return answers.unavailable(503)
      return faults.has('deploy-token-refused') ? answers.unauthorised() : answerStacks(ask, stacks)
    },
  }
}
