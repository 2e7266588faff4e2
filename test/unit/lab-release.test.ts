import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { auditPolicy, openAudit, requestOf } from '../../lab/cluster/audit.ts'
import { readAdmin, serverFiles, serverWords } from '../../lab/cluster/k3s-server.ts'
import { readArguments, UsageError } from '../../lab/command-line/arguments.ts'
import { skippedLines } from '../../lab/command-line/lines.ts'
import { compare } from '../../lab/conformance/normalise.ts'
import type { Outcome } from '../../lab/conformance/outcome.ts'
import { releaseRules } from '../../lab/conformance/release-rules.ts'
import { addresses, architecture, hostFolder } from '../../lab/contract.ts'
import { type MachineDescription, machineFiles } from '../../lab/hosts/files.ts'
import { startHost } from '../../lab/hosts/index.ts'
import { onlyOfStandIns, releasedFor } from '../../lab/released.ts'
import { createAuthority, kubeconfigText } from '../../rehearsal/cluster/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import { promisedTrees } from '../../rehearsal/trees.ts'
import { examples } from './lab-conformance-examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'lab-release-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('--k3s', () => {
  it('is for what starts a lab, and says nothing unless it is given', () => {
    expect(readArguments(['--k3s', 'release'])).toEqual({ name: 'suite', k3s: 'release' })
    expect(readArguments(['up', '--k3s=stand-in'])).toEqual({ name: 'up', k3s: 'stand-in' })
    expect(readArguments(['run', 'pod', '--k3s', 'release'])).toEqual({
      name: 'run',
      scenarios: ['pod'],
      k3s: 'release',
    })
    expect(readArguments(['run', 'pod'])).toEqual({ name: 'run', scenarios: ['pod'] })
    expect(readArguments(['up'])).toEqual({ name: 'up' })
  })

  it.each([
    [['--k3s', 'relaese'], "--k3s is stand-in or release, and was given 'relaese'."],
    [['up', '--k3s', ''], "--k3s is stand-in or release, and was given ''."],
    [['up', '--k3s=a\nb'], "--k3s is stand-in or release, and was given 'a?b'."],
    [['status', '--k3s', 'release'], "'status' takes no --k3s: it is for the suite, up and run."],
    [['down', '--k3s', 'stand-in'], "'down' takes no --k3s: it is for the suite, up and run."],
    [['shell', 'calypso', '--k3s', 'release'], "'shell' takes no --k3s: it is for the suite, up and run."],
  ])('%j is one line', (args, line) => {
    expect(() => readArguments(args)).toThrow(new UsageError(line))
  })
})

describe('a release that cannot be had', () => {
  it('skips every scenario with the reason, and none is counted as passed', () => {
    const scenarios = [
      { name: 'join', shows: 'calypso joins' },
      { name: 'pod', shows: 'a pod runs' },
    ]
    expect(skippedLines(scenarios, { missing: 'github.com gave no answer' })).toBe(
      '- join  skipped: github.com gave no answer\n- pod  skipped: github.com gave no answer\n0 passed, 0 failed, 2 skipped\n',
    )
  })
})

describe('the server of a released k3s', () => {
  const words = serverWords(serverFiles('/lab/cluster'), '192.0.2.1', 6443)

  it('runs without an agent, without anything that it would deploy, and writes into the lab only', () => {
    expect(words).toEqual([
      'server',
      '--config=/lab/cluster/k3s-config.yaml',
      '--data-dir=/lab/cluster/k3s',
      '--token-file=/lab/cluster/k3s-token',
      '--write-kubeconfig=/lab/cluster/k3s-admin.kubeconfig',
      '--write-kubeconfig-mode=600',
      '--disable-agent',
      '--disable=traefik,servicelb,metrics-server,local-storage,coredns,runtimes',
      '--disable-helm-controller',
      '--node-ip=192.0.2.1',
      '--advertise-address=192.0.2.1',
      '--tls-san=192.0.2.1',
      '--https-listen-port=6443',
      '--kube-apiserver-arg=audit-policy-file=/lab/cluster/k3s-audit-policy.yaml',
      '--kube-apiserver-arg=audit-log-path=/lab/cluster/k3s-audit.log',
      '--kube-apiserver-arg=audit-log-maxsize=4096',
    ])
  })

  it('is asked with the credentials that it wrote, once they are complete', async () => {
    const authority = await createAuthority('k3s-server-ca@1')
    const admin = await authority.issueClient({ commonName: 'system:admin', organization: 'system:masters' })
    const text = kubeconfigText('default', 'https://127.0.0.1:6443', authority.bundlePem, { name: 'default', ...admin })
    expect(readAdmin(text)).toEqual({ caPem: authority.bundlePem, admin })
    for (let end = 0; end < text.indexOf('client-key-data') + 40; end += 97)
      expect(readAdmin(text.slice(0, end))).toBeUndefined()
    expect(readAdmin('not: [yaml')).toBeUndefined()
  })
})

describe('the audit log of a released k3s', () => {
  const event = (more: object): string =>
    JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'Metadata',
      stage: 'ResponseComplete',
      ...more,
    })
  const nodes = '/api/v1/nodes'

  it.each([
    [
      { verb: 'get', requestURI: `${nodes}/calypso?timeout=5s`, responseStatus: { code: 200 } },
      `GET ${nodes}/calypso 200`,
    ],
    [{ verb: 'list', requestURI: nodes, responseStatus: { code: 200 } }, `GET ${nodes} 200`],
    [
      { verb: 'create', requestURI: '/api/v1/namespaces/kube-system/secrets', responseStatus: { code: 201 } },
      'POST /api/v1/namespaces/kube-system/secrets 201',
    ],
    [
      { verb: 'update', requestURI: '/api/v1/nodes/calypso/status', responseStatus: { code: 409 } },
      'PUT /api/v1/nodes/calypso/status 409',
    ],
    [
      { verb: 'patch', requestURI: `${nodes}/calypso?fieldManager=x`, responseStatus: { code: 200 } },
      `PATCH ${nodes}/calypso 200`,
    ],
    [{ verb: 'delete', requestURI: `${nodes}/calypso`, responseStatus: { code: 403 } }, `DELETE ${nodes}/calypso 403`],
    [{ verb: 'deletecollection', requestURI: nodes, responseStatus: { code: 200 } }, `DELETE ${nodes} 200`],
    [{ verb: 'get', requestURI: '/version', responseStatus: { code: 401 } }, 'GET /version 401'],
    [
      {
        stage: 'ResponseStarted',
        verb: 'watch',
        requestURI: `${nodes}?watch=true&fieldSelector=x`,
        responseStatus: { code: 200 },
      },
      `GET ${nodes}?watch=true 200`,
    ],
    [{ verb: 'watch', requestURI: `${nodes}?watch=true`, responseStatus: { code: 200 } }, undefined],
    [
      {
        stage: 'ResponseStarted',
        verb: 'get',
        requestURI: '/api/v1/namespaces/default/pods/a/log?follow=true',
        responseStatus: { code: 200 },
      },
      undefined,
    ],
  ])('%j is listed as %j', (given, listed) => {
    expect(requestOf(event(given))).toBe(listed)
  })

  it('is read to its last complete line, from where it was forgotten, and need not be there', async () => {
    const file = join(folder, 'audit.log')
    const audit = openAudit(file)
    expect(audit.requests).toEqual([])
    audit.forget()
    const line = (name: string): string =>
      `${event({ verb: 'get', requestURI: `/é/${name}`, responseStatus: { code: 200 } })}\n`
    await appendFile(file, line('a') + line('b').slice(0, 40))
    expect(audit.requests).toEqual(['GET /é/a 200'])
    audit.forget()
    await appendFile(file, line('b').slice(40) + line('c'))
    expect(audit.requests).toEqual(['GET /é/b 200', 'GET /é/c 200'])
    expect(audit.requests).toHaveLength(2)
  })

  it('notes the runner, bootstrap tokens and strangers, and nobody else', () => {
    const { rules } = auditPolicy(['k3s-gpu-actions-join']) as {
      rules: readonly { level: string; users?: readonly string[]; userGroups?: readonly string[] }[]
    }
    // As the API server decides: the first rule whose users and groups, where it has any, name the caller.
    const levelFor = (user: string, groups: readonly string[]): string | undefined =>
      rules.find(
        ({ users, userGroups }) =>
          (users === undefined || users.includes(user)) &&
          (userGroups === undefined || userGroups.some((group) => groups.includes(group))),
      )?.level
    const known = 'system:authenticated'
    expect(levelFor('system:serviceaccount:kube-system:k3s-gpu-actions-join', ['system:serviceaccounts', known])).toBe(
      'Metadata',
    )
    expect(levelFor('system:bootstrap:abcdef', ['system:bootstrappers', known])).toBe('Metadata')
    expect(levelFor('', [])).toBe('Metadata')
    for (const [user, group] of [
      ['system:node:calypso', 'system:nodes'],
      ['system:admin', 'system:masters'],
      ['system:kube-controller-manager', known],
      ['system:serviceaccount:kube-system:job-controller', 'system:serviceaccounts'],
    ] as const)
      expect(levelFor(user, [group, known])).toBe('None')
  })
})

describe('a host for a released k3s', () => {
  const machine: MachineDescription = {
    name: 'calypso',
    address: addresses.calypso,
    hasGpu: true,
    faults: new Set<FaultName>(),
    machineId: '0'.repeat(32),
    systemUuid: 'c0ffee00-0000-4000-8000-000000000001',
    containerId: 'ab'.repeat(32),
    publicKey: 'ssh-ed25519 AAAA runner',
  }

  it('has nothing that stands in for k3s, and no mark that would let a stand-in of the installer work', () => {
    const ofK3s = (files: object) => Object.keys(files).filter((path) => /k3s-standin|\/stand-in$/.test(path))
    expect(ofK3s(machineFiles(machine))).toEqual([])
    expect(ofK3s(machineFiles({ ...machine, k3sStandIn: '#!/bin/sh\n' }))).toEqual([
      'usr/bin/k3s-standin',
      `${hostFolder}/stand-in`,
    ])
  })

  it('gets its images when its agent starts, and has nothing of k3s before', () => {
    const files = machineFiles(machine)
    const units = 'usr/lib/systemd/system'
    expect(files[`${units}/k3s-agent.service.wants/lab-k3s.service`]).toEqual({ link: '../lab-k3s.service' })
    expect(files[`${units}/lab-k3s.service`]?.text).toContain('\nBefore=k3s-agent.service\n')
    expect(files[`${units}/lab-k3s.service`]?.text).toContain('/lab/hosts/k3s-data.sh ')
    const promised = new RegExp(`^(?:${promisedTrees.join('|')})/.*(?:k3s|rancher)`)
    expect(Object.keys(files).filter((path) => promised.test(path))).toEqual([])
  })

  it.each(Object.keys(onlyOfStandIns) as FaultName[])(
    'is not booted for %s, which would not happen on it',
    async (fault) => {
      const k3s = { version: 'v1.33.4+k3s1', commit: '0'.repeat(40), program: '/none', installer: '/none' }
      const options = { directory: join(folder, 'none'), name: 'calypso', address: addresses.calypso } as const
      const parts = { k3s } as unknown as Parameters<typeof startHost>[0]['parts']
      await expect(startHost({ ...options, parts, faults: new Set([fault]) })).rejects.toThrow(
        `a released k3s cannot play ${fault}`,
      )
    },
  )
})

describe('what GitHub publishes in a lab', () => {
  it('is the released program and installer, byte for byte, under the commit of their tag', () => {
    const [program, installer] = [join(folder, 'k3s'), join(folder, 'install.sh')]
    writeFileSync(program, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff]))
    writeFileSync(installer, '#!/bin/sh\n')
    const commit = 'ab'.repeat(20)
    const released = releasedFor({ k3s: { version: 'v1.33.4+k3s1', commit, program, installer } })
    expect(released.published).toMatchObject({ owner: 'k3s-io', repository: 'k3s', tag: 'v1.33.4+k3s1', commit })
    const name = architecture === 'amd64' ? 'k3s' : 'k3s-arm64'
    expect(released.published.assets).toEqual({ [name]: readFileSync(program) })
    expect(released.published.files).toEqual({ 'install.sh': readFileSync(installer) })
    expect(released.installer).toBe('#!/bin/sh\n')
  })

  it('is the stand-in otherwise', () => {
    expect(releasedFor({}).program.subarray(0, 200).toString()).toContain('STAND-IN')
  })
})

describe('the comparison of the worlds with a released k3s', () => {
  const embedded = examples['join-calypso'] as Outcome
  const served = (change: (text: string) => string): Outcome => JSON.parse(change(JSON.stringify(embedded))) as Outcome
  const released = served((text) =>
    text
      .replaceAll(/(?<=amd64, )4\.2 MB( {26})?/g, (_, columns?: string) => `72.3 MB${columns?.slice(1) ?? ''}`)
      .replaceAll(/(?<=amd64 )[0-9a-f]{12}(?=…)/g, '0123456789ab'),
  )

  it('allows another program, and that only for such runs', () => {
    expect(compare(embedded, released, releaseRules)).toEqual([])
    expect(compare(embedded, released)).not.toEqual([])
  })

  it.each(releaseRules.map((rule) => [rule.name, rule] as const))('needs %s', (_, rule) => {
    expect(
      compare(
        embedded,
        released,
        releaseRules.filter((other) => other !== rule),
      ),
    ).not.toEqual([])
  })

  it('allows no other version or architecture', () => {
    for (const [from, to] of [
      ['k3s v1.33.4+k3s1 amd64', 'k3s v1.33.4+k3s2 amd64'],
      ['downloaded and checked', 'downloaded'],
    ] as const)
      expect(
        compare(
          embedded,
          served((text) => text.replaceAll(from, to)),
          releaseRules,
        ),
      ).not.toEqual([])
  })
})
