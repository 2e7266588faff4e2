import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import type { HostWorld } from '../../rehearsal/contract.ts'
import { startHost } from '../../rehearsal/host/index.ts'
import { connectHost, type Host, parseFacts, surveyScript } from '../../src/host/index.ts'
import { surveyFragment, surveyInstallation } from '../../src/k3s/survey.ts'
import { escapes, forget, networkTo, scratch } from './world-host-client.ts'

const open: { cluster?: Cluster; world?: HostWorld; host?: Host; directory?: string } = {}

afterEach(async () => {
  await open.host?.close()
  await open.world?.close()
  await open.cluster?.close()
  if (open.directory !== undefined) forget(open.directory)
  expect(escapes()).toEqual([])
})

it('answers the real survey as calypso, joined by hand, would', async () => {
  const directory = scratch()
  open.directory = directory
  const faults = new Set<never>()
  const cluster = await startCluster({ directory: join(directory, 'cluster'), faults, calypso: 'joined-by-hand' })
  open.cluster = cluster
  const world = await startHost({
    name: 'calypso',
    directory: join(directory, 'host'),
    network: networkTo(cluster.port),
    cluster,
    calypso: 'joined-by-hand',
    sudo: { mode: 'password', password: 'correct horse' },
    pace: 0.02,
  })
  open.world = world
  const signal = new AbortController().signal
  const access = {
    transport: 'ssh' as const,
    address: '127.0.0.1',
    port: world.sshPort,
    user: 'oceanid',
    privateKey: world.clientPrivateKey,
    knownHosts: world.knownHosts(`[127.0.0.1]:${world.sshPort}`),
    hostKeyFingerprints: [],
    hostKeySource: 'the test',
    sudoPassword: 'correct horse',
  }
  const exec = () => Promise.reject(new Error('nothing runs on the runner'))
  const host = await connectHost(access, { exec: exec as never }, signal)
  open.host = host
  const survey = {
    name: 'survey',
    script: `${surveyScript}\n${surveyFragment}`,
    privilege: 'root-if-possible' as const,
    timeoutMs: 20_000,
  }
  const result = await host.run({ ...survey, signal })
  expect(result.exitCode).toBe(0)
  expect(result.stderr).toBe('')
  const facts = parseFacts(result.lines, Date.now())
  expect(facts).toMatchObject({
    hostname: 'calypso',
    user: 'oceanid',
    os: { id: 'ubuntu', versionId: '22.04' },
    architecture: 'amd64',
    init: 'systemd',
    privilege: { state: 'password' },
    cgroup: { version: 2, controllers: expect.arrayContaining(['memory', 'cpu', 'pids']) },
    defaultRoute: { via: '192.168.2.1', source: '192.168.2.80' },
    addresses: ['192.168.2.80'],
    runtimes: [{ name: 'docker', isRunning: true }],
  })
  expect(facts.gpu).toMatchObject({
    devices: [{ name: 'NVIDIA GeForce RTX 4090', driverVersion: '575.51.03', memoryMiB: 24564 }],
    pciDevices: 1,
    problem: '',
    processes: [{ pid: 2143, name: 'tritonserver', owner: 'container', ownerDetail: 'docker' }],
  })
  const ports = facts.ports.map(({ port, process }) => `${port} ${process}`).sort()
  expect(ports).toEqual(['10250 k3s-agent', '6444 k3s-agent'])
  const installation = surveyInstallation(facts.distribution)
  expect(installation.binary).toMatchObject({ path: '/usr/local/bin/k3s', version: 'v1.33.4+k3s1' })
  expect(installation.unit).toMatchObject({
    arguments: [
      'agent',
      '--node-label',
      'oceanid.node/name=calypso',
      '--node-label',
      'oceanid.node/gpu=nvidia-rtx-4090',
    ],
    activeState: 'active',
    isEnabled: true,
    needsReload: false,
  })
  expect(installation.environment).toMatchObject({
    tokenKind: 'server',
    mode: '600',
    url: 'https://157.173.210.123:6443',
  })
  expect(installation.hasNodePassword).toBe(true)
  expect(installation).toMatchObject({ hasServerUnit: false, changedSinceStart: [] })
  expect(facts.gpu.areProcessesKnown).toBe(true)

  // A run that was killed has written these, and one file was there in time.
  const environment = join(world.root, 'etc/systemd/system/k3s-agent.service.env')
  writeFileSync(environment, readFileSync(environment))
  const ownConfig = join(world.root, 'etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml')
  mkdirSync(dirname(ownConfig), { recursive: true })
  writeFileSync(ownConfig, 'node-name: calypso\n')
  const later = await host.run({ ...survey, signal })
  const pending = surveyInstallation(parseFacts(later.lines, Date.now()).distribution).changedSinceStart
  expect(pending).toEqual([
    '/etc/systemd/system/k3s-agent.service.env',
    '/etc/rancher/k3s/config.yaml.d/50-k3s-gpu-actions.yaml',
  ])
})
