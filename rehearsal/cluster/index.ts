/** The embedded cluster of a site: a k3s supervisor and a Kubernetes API behind one TLS port of 127.0.0.1, with a real CA. */
import { randomBytes, randomUUID } from 'node:crypto'
import { type ClusterWorld, type FaultName, restrictedLabel, type VerifyFault, type WorldOptions } from '../contract.ts'
import { machineOf, siteOf } from '../sites/index.ts'
import { createAgents } from './agents.ts'
import { createApi } from './api.ts'
import { type BootstrapTokens, readBootstrapTokens } from './bootstrap-tokens.ts'
import type { Dates } from './certificates.ts'
import { startDaemonSets } from './daemon-sets.ts'
import { gpuStrangersOf, seedGoldentoothPlugin, seedGpuStrangers } from './gpu-strangers.ts'
import type { Route } from './http.ts'
import { createCa, serverNamesOf, serverSubjectOf, startImpostor } from './impostor.ts'
import { startJobs } from './job-controller.ts'
import { kubeadmManifest, startControlPlane } from './kubeadm/index.ts'
import { kubeconfigText } from './kubeconfig.ts'
import { startKubelets } from './kubelets.ts'
import { startLeaving } from './leaving/index.ts'
import { listen } from './listen.ts'
import {
  gpuUser,
  jobUser,
  joinUser,
  layNamespaces,
  removeUser,
  replacingManifest,
  shippedManifest,
  verifyUser,
} from './manifests.ts'
import { startLifecycle } from './node-lifecycle.ts'
import { nodePasswordKey, nodePasswordSecret } from './node-passwords.ts'
import { furnish } from './oceanid/index.ts'
import { PodLogs } from './pod-logs.ts'
import { type Authorizer, type Identity, readAuthorizer, without } from './rbac.ts'
import { startScheduler } from './scheduler.ts'
import { forerunnerOf, type SeedAddresses, seedForerunner, seedObjects } from './seed.ts'
import { serviceAccountToken } from './service-account-token.ts'
import { furnishStorage } from './storage-house.ts'
import { householdManifest } from './storage-household.ts'
import { MemoryStore } from './store.ts'
import { createSupervisor } from './supervisor.ts'
import { caHash, joinToken } from './token-hash.ts'
import { startVolumes } from './volumes.ts'

export { type Authority, createAuthority, type IssuedCertificate, type Subject } from './certificates.ts'
export { type Call, header, type Route, readCredentials, sendError, sendText } from './http.ts'
export { signatureOf } from './kubeadm/bootstrap-signer.ts'
export { type Elsewhere, elsewhere, startElsewhere } from './kubeadm/elsewhere.ts'
export { kubeconfigText } from './kubeconfig.ts'
export { closing, type Listener, listen } from './listen.ts'
export { leaseObject, microTimestamp, nodeObject, readyConditions, timestamp } from './node-objects.ts'
export { isNodePassword, nodePasswordKey, nodePasswordSecret } from './node-passwords.ts'
export { type Forerunner, forerunnerOf, type SeedAddresses, seedNodes, staleNode, staleSeenMs } from './seed.ts'
export { failures, StatusError } from './status.ts'
export { createSupervisor, type Supervisor, type SupervisorOptions } from './supervisor.ts'
export { caHash, joinToken } from './token-hash.ts'

export type AnyFault = FaultName | VerifyFault

export interface ClusterOptions extends Omit<WorldOptions, 'faults'> {
  readonly faults: ReadonlySet<AnyFault>
  /** Text of the RBAC manifest; default: the one that this repository ships. */
  readonly manifest?: string
  /** The cluster's clock, epoch milliseconds. */
  readonly nowMs?: () => number
  /** k3s version of the servers. */
  readonly version?: string
  /** What `/v1-k3s/apiservers` lists. */
  readonly apiServers?: readonly string[]
  /** How long an accepted bootstrap token stays accepted; default: the 10 s of a real API server. */
  readonly tokenCacheMs?: number
  /** How long a node without heartbeat stays Ready; default: the 53 s that were seen. */
  readonly graceMs?: number
  /** How long a deleted Node's Lease and password Secret stay. */
  readonly collectMs?: number
  /** `chain`: intermediate and root, as with custom CA certificates; K10 hashes then go by the root. */
  readonly ca?: 'single' | 'chain'
  /** system UUID of the stale Node that the fault `node-password` leaves behind; give calypso's to make it the same machine. */
  readonly calypsoSystemUuid?: string
  readonly port?: number
  /** How long after its pods a Job has ended; default: 0.2 s, on real parts 2 to 3. */
  readonly jobLagMs?: number
  /** From the end of the last pod that mounts a volume until it is detached; default: 0.5 s, on real parts some seconds. */
  readonly detachMs?: number
}

export interface Cluster extends ClusterWorld {
  readonly objects: MemoryStore
  /** K10 hash of what `/cacerts` serves. */
  readonly caHash: string
  /** Bootstrap tokens, also as a server judges them that has not cached any. */
  readonly tokens: BootstrapTokens
  /** A kubeconfig with the rights of gpu-runtime's manifest, and no others. */
  gpuKubeconfig(server: string): string
  /** A kubeconfig with the rights of both manifests: what the environment of a job holds that joins a node and prepares its GPUs. */
  jobKubeconfig(server: string): string
  /** A kubeconfig with the rights of a removal's manifest, and no others. */
  removeKubeconfig(server: string): string
  /** A kubeconfig with the rights of verification's manifests. */
  verifyKubeconfig(server: string): string
  /** A kubeconfig that may do everything, for whoever prepares or inspects a world. */
  adminKubeconfig(server: string): string
  /** Every token that must not show up anywhere: for grepping logs and files. */
  readonly secrets: readonly string[]
  /** The key of a node that joined before the world began, for its stand-in agent. */
  agentKey(node: string): string
  /** Nodes whose heartbeats the world plays itself. */
  readonly heartbeats: Set<string>
  /** Brings heartbeats, Ready conditions and taints up to the clock; for tests with a clock of their own. */
  sweep(): void
  /** From now on this is the answer to every request whose `METHOD /path` matches, whoever asks; the latest wins. */
  answerWith(pattern: RegExp, status: number, text: string): void
  /** From now on exactly these faults are there, as far as the cluster has them. */
  comeOver(faults: ReadonlySet<AnyFault>): Promise<void>
  /** Days pass: no token is remembered as good, no change can be replayed, no request was made. */
  forgetPast(): void
  /** With the fault `wrong-ca-hash`: what a host meets behind the server's address when somebody else answers there. */
  readonly impostor: { readonly port: number; readonly caPem: string; readonly requests: readonly string[] } | undefined
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const nowMs = options.nowMs ?? Date.now
  const site = siteOf(options.site)
  const machine = machineOf(site, options.node)
  const apiServers = options.apiServers ?? [`${site.api.host}:${site.api.port}`]
  const version = options.version ?? site.version
  const { distribution } = site
  const isKubeadm = distribution === 'kubeadm'
  const authority = await createCa(options.ca ?? 'single', nowMs, distribution)
  const password = randomBytes(16).toString('hex')
  const objects = new MemoryStore(nowMs)
  const tokens = readBootstrapTokens({
    objects,
    nowMs,
    cacheMs: options.tokenCacheMs ?? 10_000,
    neverAccepts: () => faults.has('wrong-token'),
  })
  const lifecycle = startLifecycle({
    objects,
    nowMs,
    graceMs: options.graceMs ?? 53_000,
    collectMs: options.collectMs ?? 100,
  })
  const nodes = site.nodes.filter(({ name }) => name !== machine.name)
  seedObjects(objects, lifecycle.heartbeats, { ...site, version, nodes }, nowMs())
  const shipped = options.manifest ?? shippedManifest()
  const manifest = [
    shipped,
    ...(isKubeadm ? [kubeadmManifest] : []),
    ...(site.name === 'k3s2' ? [householdManifest] : []),
    ...(options.mayReplacePlugin ? [replacingManifest] : []),
  ].join('\n---\n')
  layNamespaces(objects, manifest)
  const logs = new PodLogs()
  const daemonSets = startDaemonSets(objects)
  const jobs = startJobs({ objects, nowMs, lagMs: options.jobLagMs ?? 200 })
  const scheduler = startScheduler(objects, nowMs)
  const volumes = startVolumes(objects)
  const leaving = startLeaving({
    objects,
    nowMs,
    detachMs: () => options.detachMs ?? 500,
    neverDetaches: () => faults.has('remove-volume-attached'),
  })
  const calypsoUuid = options.calypsoSystemUuid ?? randomUUID()
  const { heartbeats, hear } = lifecycle
  const syncDaemonSets = daemonSets.sync
  const house =
    options.calypso === 'in-service'
      ? furnish({ objects, heartbeats, version, nowMs, calypsoSystemUuid: calypsoUuid, syncDaemonSets, hear })
      : undefined
  const storage =
    site.name === 'k3s2'
      ? furnishStorage({
          objects,
          heartbeats,
          nowMs,
          machine: machine.name,
          faults: () => faults,
          hasNoLonghorn: options.faults.has('storage-no-longhorn'),
        })
      : undefined
  const kubelets = startKubelets({ objects, logs, played: heartbeats, groundOf: (node) => house?.groundOf(node) })
  const addresses: SeedAddresses = {
    server: site.api.host,
    agent: site.api.host,
    calypso: machine.address,
    name: machine.name,
  }
  let faults: ReadonlySet<FaultName> = new Set()
  let impostor: Awaited<ReturnType<typeof startImpostor>> | undefined
  const controlPlane = isKubeadm
    ? startControlPlane({
        objects,
        site: { ...site, version },
        caPem: authority.bundlePem,
        staleCaPem: (await createCa('single', nowMs, distribution)).bundlePem,
        tokens,
        nowMs,
        faults: () => faults,
      })
    : undefined
  const comeOver = async (wanted: ReadonlySet<AnyFault>): Promise<void> => {
    faults = new Set([...wanted].filter((fault) => !isOfVerification(fault)))
    house?.comeOver(new Set([...wanted].filter(isOfVerification)))
    controlPlane?.sync()
    seedGpuStrangers(objects, faults)
    if (faults.has('wrong-ca-hash')) impostor ??= await startImpostor(apiServers, nowMs, distribution)
    const forerunner = forerunnerOf(faults, version, nowMs(), calypsoUuid, addresses)
    const present = objects.get(`nodes/${machine.name}`)
    // A Node that is there by right: its machine is not another one, and its password is none that nobody owns.
    const isByRight = present !== undefined && !faults.has('name-taken') && !faults.has('duplicate-name')
    if (forerunner !== undefined && !isByRight) seedForerunner(objects, lifecycle.heartbeats, forerunner, machine.name)
    else if (forerunner?.node !== undefined)
      objects.put(nodePasswordKey(machine.name), nodePasswordSecret(machine.name, forerunner.password))
    if (faults.has('restricted-label-ignored') && present !== undefined) {
      // Set by somebody through the API: an agent's own credentials may not set it, and then k3s does not get that far.
      const labels = { ...present.metadata.labels, [restrictedLabel.key]: restrictedLabel.value }
      objects.put(`nodes/${machine.name}`, { ...present, metadata: { ...present.metadata, labels } })
    }
  }
  if (site.name === 'goldentooth') seedGoldentoothPlugin(objects)
  await comeOver(options.faults)
  // An API server remembers no change from before its own start.
  objects.compact()

  const wholly = readAuthorizer(manifest, () => true)
  // Somebody applied the manifest without the Role for the Secrets: its binding leads nowhere.
  const partly = readAuthorizer(
    manifest,
    ({ kind, metadata }) => kind !== 'Role' || metadata.namespace !== 'kube-system' || metadata.name !== joinUser,
  )
  // Somebody deleted what lets a token of kubeadm read the configuration of the cluster.
  const ungrouped = readAuthorizer(manifest, ({ metadata }) => metadata.name !== 'kubeadm:nodes-kubeadm-config')
  const authorizer = (): Authorizer => {
    const chosen = faults.has('no-rbac') ? partly : faults.has('kubeadm-group-missing') ? ungrouped : wholly
    return house === undefined ? chosen : without(chosen, house.forbids)
  }
  const users = {
    join: serviceAccountToken(joinUser, nowMs()),
    gpu: serviceAccountToken(gpuUser, nowMs()),
    job: serviceAccountToken(jobUser, nowMs()),
    verify: serviceAccountToken(verifyUser, nowMs()),
    remove: serviceAccountToken(removeUser, nowMs()),
    admin: randomBytes(32).toString('hex'),
  }
  const supervisor = createSupervisor({
    caPem: authority.bundlePem,
    password,
    authenticate: (token) => tokens.authenticate(token) !== undefined,
    apiServers,
  })
  const agents = createAgents({
    objects,
    nowMs,
    admit: controlPlane?.admit ?? supervisor.admit,
    kubelets,
    distribution,
    podNetwork: site.podNetwork,
  })
  const api = createApi({
    objects,
    version,
    tokens,
    isAnonymousAllowed: () => isKubeadm && !faults.has('kubeadm-anonymous-off'),
    users: new Map<string, Identity>([
      [users.join, serviceAccount(joinUser)],
      [users.gpu, serviceAccount(gpuUser)],
      [users.job, serviceAccount(jobUser)],
      [users.verify, serviceAccount(verifyUser)],
      [users.remove, serviceAccount(removeUser)],
      [users.admin, { user: 'system:admin', groups: ['system:masters', 'system:authenticated'] }],
    ]),
    authorizer,
    logs,
    added: () => [...(house?.added ?? storage?.added ?? []), ...gpuStrangersOf(faults).added],
    unready: () => house?.unready() ?? [],
    services: house?.services ?? storage?.services ?? {},
    hinder: async (...asked) => house?.hinder(...asked),
  })
  const strangers: { readonly pattern: RegExp; readonly status: number; readonly text: string }[] = []
  const interjected: Route = async (call) => {
    const found = strangers.find(({ pattern }) => pattern.test(`${call.method} ${call.path}`))
    if (found === undefined) return false
    const { status, text } = found
    call.response.writeHead(status, { 'Content-Type': 'application/json' })
    call.response.end(text)
    return true
  }
  const listener = await listen({
    certificate: await authority.issue(
      serverNamesOf(apiServers),
      options.strange?.serverSubject ?? serverSubjectOf(distribution),
      options.faults.has('verify-server-certificate-soon') ? endingSoon(nowMs()) : undefined,
    ),
    routes: [interjected, ...(isKubeadm ? [] : [supervisor.route]), agents.route, api],
    nowMs,
    before: lifecycle.sweep,
    ...(options.port !== undefined && { port: options.port }),
  })
  const serverToken = joinToken(authority.bundlePem, `server:${password}`)

  return {
    port: listener.port,
    caPem: authority.bundlePem,
    caHash: caHash(authority.bundlePem),
    issue: (names) => authority.issue(names),
    kubeconfig: (server) =>
      kubeconfigText(site.name, server, authority.bundlePem, { name: joinUser, token: users.join }),
    gpuKubeconfig: (server) =>
      kubeconfigText(site.name, server, authority.bundlePem, { name: gpuUser, token: users.gpu }),
    jobKubeconfig: (server) =>
      kubeconfigText(site.name, server, authority.bundlePem, { name: jobUser, token: users.job }),
    removeKubeconfig: (server) =>
      kubeconfigText(site.name, server, authority.bundlePem, { name: removeUser, token: users.remove }),
    verifyKubeconfig: (server) =>
      kubeconfigText(site.name, server, authority.bundlePem, { name: verifyUser, token: users.verify }),
    adminKubeconfig: (server) =>
      kubeconfigText(site.name, server, authority.bundlePem, { name: 'admin', token: users.admin }),
    serverToken,
    secrets: [serverToken, password, ...Object.values(users)],
    objects,
    tokens,
    requests: listener.requests,
    agentKey: agents.key,
    heartbeats: lifecycle.heartbeats,
    sweep: lifecycle.sweep,
    answerWith: (pattern, status, text) => strangers.unshift({ pattern, status, text }),
    comeOver,
    forgetPast() {
      tokens.forget()
      listener.forget()
      objects.compact()
    },
    get impostor() {
      return impostor && { port: impostor.listener.port, caPem: impostor.caPem, requests: impostor.listener.requests }
    },
    async close() {
      lifecycle.stop()
      controlPlane?.stop()
      daemonSets.stop()
      jobs.stop()
      scheduler.stop()
      volumes.stop()
      leaving.stop()
      house?.stop()
      storage?.stop()
      kubelets.stop()
      await Promise.all([listener.close(), impostor?.listener.close()])
    },
  }
}

function serviceAccount(name: string): Identity {
  return {
    user: `system:serviceaccount:kube-system:${name}`,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
  }
}

function isOfVerification(fault: AnyFault): fault is VerifyFault {
  return fault.startsWith('verify-')
}

/** A certificate of k3s that was made for a year, and ends in ten days: k3s renews it when it starts, and has not been started since. */
function endingSoon(nowMs: number): Dates {
  const dayMs = 24 * 3600 * 1000
  return { fromMs: nowMs - 355 * dayMs, untilMs: nowMs + 10 * dayMs }
}
