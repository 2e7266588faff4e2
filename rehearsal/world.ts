/** The embedded world as one thing: a site's cluster, its machines and GitHub on loopback, and what a workflow needs to meet them. */
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { bring, isPressedBefore, restart, startGpuPod } from './before.ts'
import { getInTheWay, putToWork } from './before-leaving.ts'
import { type Cluster, elsewhere, startCluster, startElsewhere } from './cluster/index.ts'
import type { Endpoint, FaultName, GithubWorld, HostNetwork, HostWorld, WorldOptions } from './contract.ts'
import { githubNames, startGithub, toolkitSite } from './github/index.ts'
import { installerText, k3sProgram, type StartedHost, startHost } from './host/index.ts'
import { startIngress } from './ingress.ts'
import { type Outside, outsideNames, startOutside } from './outside.ts'
import { machineOf, type Site, type SiteMachine, siteOf } from './sites/index.ts'
import { repositoryRoot } from './workflow/repository-root.ts'

/** The name of oceanid's API server, in the cluster file of the fault `name-unknown`. */
const namedServer = { host: 'k3s.oceanid.test', port: 6443 }

export interface World extends Outside {
  readonly cluster: Cluster
  readonly github: GithubWorld
  readonly site: Site
  /** The machine that it is about: `node` of the options. */
  readonly host: HostWorld
  /** The same; calypso is its name at oceanid. */
  readonly calypso: HostWorld
  /** Every machine of the site, by name. */
  readonly hosts: Readonly<Record<string, HostWorld>>
  /** A kubeconfig as a file, for whoever presses k3s-join alone, with its rights alone. The environment holds that of a whole job. */
  readonly kubeconfigFile: string
  /** The same for a job that does it all. */
  readonly jobKubeconfigFile: string
  /** The same for gpu-runtime. */
  readonly gpuKubeconfigFile: string
  /** How the runner reaches the world. */
  readonly endpoints: readonly Endpoint[]
  /** PEM file of the certificate authority of all embedded servers. */
  readonly caFile: string
  /** Secrets and variables of the workflow. For the model and for the stack of Pulumi; what else is secret comes from the ESC environment. */
  readonly secrets: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, string>>
  /** Environment of the runner's machine. */
  readonly machine: Readonly<Record<string, string>>
  /** Environment of GitHub's machines. */
  readonly hosted: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface StartOptions extends WorldOptions {
  /** Factor on the delays of systemd and agent; 1 has the shape of a real machine. */
  readonly pace?: number
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** The network of a host: its own view of the addresses, and nothing besides. */
export function networkOf(endpoints: () => readonly Endpoint[], closed: AbortSignal): HostNetwork {
  return {
    async connect(host, port): Promise<Duplex> {
      const name = `${host}:${port}`
      const endpoint = endpoints().find((candidate) => candidate.host === host && candidate.port === port)
      if (endpoint === undefined) {
        // Nothing that the world plays listens on the host's own loopback address.
        if (host === 'localhost' || host.startsWith('127.'))
          throw failure('ECONNREFUSED', `connect ECONNREFUSED ${name}`)
        throw failure('ENOTREHEARSED', `the rehearsal has no ${name}`)
      }
      if (endpoint.to === 'unknown') throw failure('ENOTFOUND', `getaddrinfo ENOTFOUND ${host}`)
      if (endpoint.to === 'refused') throw failure('ECONNREFUSED', `connect ECONNREFUSED ${name}`)
      if (endpoint.to === 'timeout') {
        // Dropped packets: nothing comes back until whoever waits gives up, or the world ends.
        if (!closed.aborted) await once(closed, 'abort')
        throw failure('ETIMEDOUT', `connect ETIMEDOUT ${name}`)
      }
      const socket = createConnection({ host: '127.0.0.1', port: endpoint.to })
      await once(socket, 'connect')
      return socket
    },
  }
}

/** Variable → the lines of all machines whose keys it holds. */
function knownHostsOf(
  { machines }: Site,
  hosts: Readonly<Record<string, HostWorld>>,
): Readonly<Record<string, string>> {
  const lines: Record<string, string> = {}
  for (const { name, address, knownHostsVariable } of machines) {
    const line = hosts[name]?.knownHosts(address) ?? ''
    const before = lines[knownHostsVariable]
    lines[knownHostsVariable] = before === undefined ? line : `${before.trimEnd()}\n${line}`
  }
  return lines
}

/** What `kubeadm token create --print-join-command` prints after `join`, and seed 001's way around preflight. */
async function joinCommand(cluster: Cluster, site: Site): Promise<readonly string[]> {
  const [id, secret] = [randomBytes(3).toString('hex'), randomBytes(8).toString('hex')]
  const field = (text: string): string => Buffer.from(text).toString('base64')
  cluster.objects.put(`secrets/kube-system/bootstrap-token-${id}`, {
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: {
      'token-id': field(id),
      'token-secret': field(secret),
      'usage-bootstrap-authentication': field('true'),
      'usage-bootstrap-signing': field('true'),
      'auth-extra-groups': field('system:bootstrappers:kubeadm:default-node-token'),
    },
  })
  // It lived for a day, and that was long ago.
  setTimeout(() => cluster.objects.delete(`secrets/kube-system/bootstrap-token-${id}`), 10_000).unref()
  const spki = new X509Certificate(cluster.caPem).publicKey.export({ type: 'spki', format: 'der' })
  const hash = createHash('sha256').update(spki).digest('hex')
  return [
    `${site.api.host}:${site.api.port}`,
    '--token',
    `${id}.${secret}`,
    '--discovery-token-ca-cert-hash',
    `sha256:${hash}`,
    '--skip-phases=preflight',
  ]
}

/** What an embedded host is told of a machine. */
function hostOptionsOf(site: Site, machine: SiteMachine) {
  const { name, user, address, architecture, systemUuid, gpu, toolkit, hasTriton } = machine
  return {
    name,
    user,
    address,
    architecture,
    systemUuid,
    gpu,
    toolkit,
    hasTriton,
    version: site.version,
    ...(machine.kubernetes !== undefined && { kubernetes: machine.kubernetes }),
    server: `https://${site.api.host}:${site.api.port}`,
    machine,
  }
}

/** A k3s release as the embedded GitHub publishes it. Its commit id is computed from what it holds, never a real one. */
export function releaseOf(tag: string) {
  const installer = Buffer.from(installerText())
  return {
    owner: 'k3s-io',
    repository: 'k3s',
    tag,
    commit: createHash('sha1').update(tag).update(installer).digest('hex'),
    assets: { k3s: k3sProgram(tag, 'amd64'), 'k3s-arm64': k3sProgram(tag, 'arm64') },
    files: { 'install.sh': installer },
  }
}

/**
 * Confines this process, which plays the world, as the actions are confined: to loopback, without a single endpoint.
 * A mistake in an embedded server or host then fails here, instead of reaching a machine that exists.
 */
async function confine(directory: string): Promise<void> {
  const file = join(directory, 'no-endpoints.json')
  writeFileSync(file, '[]')
  process.env.REHEARSAL_ENDPOINTS = file
  try {
    await import(pathToFileURL(join(repositoryRoot, 'rehearsal', 'redirect.mjs')).href)
  } finally {
    delete process.env.REHEARSAL_ENDPOINTS
  }
}

/**
 * Starts everything, with its machine in its state: a machine that was joined before was joined when all was well, and its
 * faults begin afterwards. On failure whatever was started is closed again.
 */
export async function startWorld(options: StartOptions): Promise<World> {
  mkdirSync(options.directory, { recursive: true })
  await confine(options.directory)
  const closed = new AbortController()
  const started: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    closed.abort()
    for (const part of started.toReversed()) await part.close()
  }
  try {
    const { faults } = options
    // Of a node in service the cluster plays the agent; the machine itself is asked by nobody.
    const isInService = options.calypso === 'in-service'
    const isFresh = options.calypso === 'fresh' || isInService
    const atOnce: ReadonlySet<FaultName> = isFresh ? faults : new Set()
    const site = siteOf(options.site)
    const apiServer = site.api
    const chosen = machineOf(site, options.node)
    const other = site.distribution === 'kubeadm' ? await startElsewhere(Date.now) : undefined
    if (other !== undefined) started.push(other)
    const otherSide: Endpoint['to'] = faults.has('kubeadm-leftovers-live') ? (other?.port ?? 'refused') : 'refused'
    const cluster = await startCluster({ ...options, faults: atOnce, calypsoSystemUuid: chosen.systemUuid })
    started.push(cluster)
    const published = new Set(atOnce)
    // One for all that is out there: a key takes longer than everything else that they begin with.
    const certificate = await cluster.issue([...githubNames, toolkitSite, ...outsideNames])
    const github = await startGithub({
      certificate,
      releases: site.distribution === 'k3s' ? [releaseOf(site.version)] : [],
      faults: published,
    })
    started.push(github)

    const shared: readonly Endpoint[] = githubNames.map((host) => ({ host, port: 443, to: github.port }))
    // The runner reaches the server whatever lies between it and the machine.
    const behindFault = (): Endpoint['to'] => {
      if (faults.has('api-blocked')) return 'timeout'
      if (faults.has('port-closed')) return 'refused'
      return cluster.impostor?.port ?? cluster.port
    }
    let serverFromHost: Endpoint['to'] = isFresh ? behindFault() : cluster.port
    const hostSees = (): readonly Endpoint[] => [
      ...shared,
      { host: toolkitSite, port: 443, to: github.port },
      { ...apiServer, to: serverFromHost },
      ...(faults.has('name-unknown') ? [{ ...namedServer, to: 'unknown' } as const] : []),
      { ...elsewhere, to: otherSide },
    ]
    const pace = options.pace ?? 1
    const calypso = await startHost({
      ...hostOptionsOf(site, chosen),
      directory: join(options.directory, chosen.name),
      network: networkOf(hostSees, closed.signal),
      cluster,
      faults: atOnce,
      calypso: isInService ? 'fresh' : options.calypso,
      ...(other && {
        leftovers: { other, own: { server: `https://${apiServer.host}:${apiServer.port}`, caPem: cluster.caPem } },
      }),
      byHand: async () => joinCommand(cluster, site),
      pace,
      ...(options.gpu && { gpu: options.gpu }),
      ...(options.toolkit !== undefined && { toolkit: options.toolkit, trustedCaPem: cluster.caPem }),
      ...(options.hasTriton !== undefined && { hasTriton: options.hasTriton }),
      ...(options.strange && { strange: options.strange }),
    })
    started.push(calypso)
    const hosts: Record<string, StartedHost> = { [chosen.name]: calypso }
    for (const machine of site.machines) {
      if (machine === chosen) continue
      const other = await startHost({
        ...hostOptionsOf(site, machine),
        directory: join(options.directory, machine.name),
        network: networkOf(hostSees, closed.signal),
        cluster,
        pace,
      })
      hosts[machine.name] = other
      started.push(other)
    }

    const atServer: readonly Endpoint[] = [{ host: '127.0.0.1', port: apiServer.port, to: cluster.port }]
    const outside = await startOutside({
      directory: options.directory,
      certificate,
      site,
      cluster,
      hosts,
      server: apiServer,
      network: networkOf(() => atServer, closed.signal),
      faults,
      kubeconfig: options.kubeconfig,
    })
    started.push(outside)
    const ingress = await startIngress(site, cluster)
    started.push(ingress)
    const { pulumi, idTokens, tunnelHost, triton, deploy } = outside

    const caFile = join(options.directory, 'ca.pem')
    const kubeconfigFile = join(options.directory, 'kubeconfig')
    const gpuKubeconfigFile = join(options.directory, 'kubeconfig-gpu')
    writeFileSync(caFile, cluster.caPem)
    const server = `https://${apiServer.host}:${apiServer.port}`
    writeFileSync(kubeconfigFile, cluster.kubeconfig(server), { mode: 0o600 })
    const jobKubeconfigFile = join(options.directory, 'kubeconfig-job')
    writeFileSync(jobKubeconfigFile, cluster.jobKubeconfig(server), { mode: 0o600 })
    writeFileSync(gpuKubeconfigFile, cluster.gpuKubeconfig(server), { mode: 0o600 })
    const world: World = {
      site,
      cluster,
      github,
      host: calypso,
      calypso,
      hosts,
      pulumi,
      idTokens,
      tunnelHost,
      triton,
      deploy,
      kubeconfigFile,
      jobKubeconfigFile,
      gpuKubeconfigFile,
      endpoints: [
        ...shared,
        ...outside.endpoints,
        ...ingress.endpoints,
        { ...apiServer, to: faults.has('server-hidden') ? 'refused' : cluster.port },
        // The runner's resolver knows the name.
        ...(faults.has('name-unknown') ? [{ ...namedServer, to: cluster.port }] : []),
        ...site.machines.map((machine) => ({
          host: machine.address,
          port: 22,
          // It is switched off.
          to:
            machine === chosen && faults.has('remove-unreachable')
              ? ('timeout' as const)
              : (hosts[machine.name]?.sshPort ?? 0),
        })),
      ],
      caFile,
      secrets: outside.secrets,
      vars: {
        ...knownHostsOf(site, hosts),
        ...(site.tunnelKnownHostsVariable !== undefined && {
          [site.tunnelKnownHostsVariable]: tunnelHost.knownHosts(apiServer.host),
        }),
      },
      machine: outside.machine,
      hosted: outside.hosted,
      close,
    }
    deploy.lead(world.endpoints)
    const others = cluster.objects
      .view('nodes')
      .map(({ metadata }) => metadata.name)
      .filter((name) => name !== chosen.name)
    const leaver = { cluster, host: calypso, node: chosen.name, others, faults }
    if (isPressedBefore(options.calypso)) {
      // It happened long ago: nobody waits for it.
      const machine = { KUBECONFIG: kubeconfigFile }
      // The last word about an address counts: then the runner reached the server.
      const reached = { host: chosen.address, port: 22, to: calypso.sshPort }
      const endpoints = [...world.endpoints, { ...apiServer, to: cluster.port }, reached]
      const place = { folder: join(options.directory, 'pressed-before'), endpoints, caFile, machine }
      const knownHosts = calypso.knownHosts(chosen.address)
      await bring(options.calypso, { site, cluster, calypso, place, knownHosts })
      if (options.hasWork) await putToWork(leaver)
      if (options.hasGpuPod) await startGpuPod(cluster, chosen.name)
    }
    if (!isFresh) {
      // Another machine took the name while this one was off.
      if (faults.has('name-taken') || faults.has('duplicate-name')) await calypso.stopAgent()
      await cluster.comeOver(faults)
      await calypso.comeOver(faults)
      for (const fault of faults) published.add(fault)
      serverFromHost = behindFault()
      await getInTheWay(leaver)
      if (options.isRestarted) await restart({ cluster, calypso })
      cluster.forgetPast()
      calypso.forgetPast()
    }
    return world
  } catch (error) {
    await close()
    throw error
  }
}
