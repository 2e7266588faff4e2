/** What a machine needs besides its agent: from inputs and cluster file to checks and plan. */
import { describe, expect, it } from '@jest/globals'
import { type DesiredNode, type NodeValues, type Prerequisites, resolveNode } from '../../src/cluster-file/index.ts'
import type { ScriptLine } from '../../src/host/index.ts'
import { desiredDigest, metadataDrift } from '../../src/join/index.ts'
import {
  parsePrerequisites,
  planPrerequisites,
  prerequisiteChecks,
  prerequisiteSurvey,
} from '../../src/prerequisites/index.ts'
import { desiredCalypso, server, version } from './situations.ts'

const access: NodeValues = {
  node: 'k3s2',
  host: '192.0.2.7',
  user: 'ubuntu',
  privateKey: 'x',
  hostKeyFingerprints: ['SHA256:uNiVztksCsDhcc0u9e8BrYXVUpgg6NVEjzWIGcM6SRc'],
}

function desiredOf(values: NodeValues): DesiredNode {
  const resolution = resolveNode({ ...access, ...values }, undefined)
  if ('problems' in resolution) throw new Error(JSON.stringify(resolution.problems))
  return resolution.desired
}

function wishOf(values: NodeValues): Prerequisites {
  const { prerequisites } = desiredOf(values)
  if (prerequisites === undefined) throw new Error('nothing is wanted')
  return prerequisites
}

/** What the survey prints on a fresh Ubuntu with a disk for Longhorn; `changes` replace lines by their fact (and name). */
function lines(...changes: readonly ScriptLine[]): readonly ScriptLine[] {
  const given: readonly ScriptLine[] = [
    { fact: 'prerequisites.packages', manager: 'apt', list: 'dmsetup\tinstalled\t2:1.02.175-2.1ubuntu4' },
    {
      fact: 'prerequisites.service',
      name: 'iscsid',
      shown: 'LoadState=not-found\nActiveState=inactive\nUnitFileState=',
    },
    { fact: 'prerequisites.module', name: 'iscsi_tcp', state: 'loadable' },
    { fact: 'prerequisites.module', name: 'dm_crypt', state: 'loadable' },
    {
      fact: 'prerequisites.disk',
      path: '/mnt/longhorn/sdb1',
      there: true,
      boot: true,
      mount: '/dev/sdb1 /mnt/longhorn/sdb1 ext4 rw,relatime',
      root: '/dev/nvme0n1p2 / ext4 rw,relatime',
      total: 480_588_496,
      free: 456_073_600,
    },
    { fact: 'prerequisites.multipath', state: 'inactive', kept: false },
  ]
  const same = (one: ScriptLine, other: ScriptLine): boolean => one.fact === other.fact && one.name === other.name
  return [...given.filter((line) => !changes.some((change) => same(line, change))), ...changes]
}

const longhorn = { profile: 'longhorn', storageDisk: '/mnt/longhorn/sdb1' } as const
const disk = (changes: ScriptLine): ScriptLine => ({
  ...lines().find((line) => line.fact === 'prerequisites.disk'),
  ...changes,
})

describe('the wish', () => {
  it('of profile longhorn is packages, service, modules, labels, and the annotation from which Longhorn takes the disk', () => {
    const desired = desiredOf({ ...longhorn, packages: ['jq'], labels: ['storage=fast'] })
    expect(desired.prerequisites).toEqual({
      profile: 'longhorn',
      packages: ['open-iscsi', 'nfs-common', 'cryptsetup', 'dmsetup', 'jq'],
      services: ['iscsid'],
      modules: ['iscsi_tcp', 'dm_crypt'],
      sysctl: {},
      disk: '/mnt/longhorn/sdb1',
    })
    // What is asked for wins over what the profile brings.
    expect(desired.labels).toEqual({ storage: 'fast', 'node.longhorn.io/create-default-disk': 'config' })
    expect(Object.keys(desired.annotations ?? {})).toEqual(['node.longhorn.io/default-disks-config'])
  })

  it('is nothing where nothing is asked, and changes no digest that was recorded before', () => {
    const plain = desiredOf({})
    expect(plain).not.toHaveProperty('prerequisites')
    expect(prerequisiteSurvey(plain)).toBeUndefined()
    const before = desiredDigest(desiredCalypso(), server, version)
    const wish: Prerequisites = { packages: ['jq'], services: [], modules: [], sysctl: {} }
    expect(desiredDigest(desiredCalypso({ prerequisites: wish }), server, version)).not.toBe(before)
  })

  it.each([
    [{ packages: ['open-iscsi=2.1'] }, 'packages'],
    [{ packages: ['$(reboot)'] }, 'packages'],
    [{ services: ['-H root@elsewhere'] }, 'services'],
    [{ modules: ['../evil.ko'] }, 'modules'],
    [{ sysctl: ['net.ipv4.ip_forward'] }, 'sysctl'],
    [{ sysctl: ['kernel.core_pattern=|/bin/sh'] }, 'sysctl'],
    [{ storageDisk: '/' }, 'storage-disk'],
    [{ storageDisk: '/mnt/../etc' }, 'storage-disk'],
    [{ storageDisk: '/mnt/a b' }, 'storage-disk'],
  ] satisfies readonly [NodeValues, string][])('%j is refused', (values, input) => {
    const resolution = resolveNode({ ...access, ...values }, undefined)
    expect('problems' in resolution ? resolution.problems.map((one) => one.input) : []).toContain(input)
  })

  it('asks the survey for the names of all families, because it is not known yet which one it is', () => {
    expect(prerequisiteSurvey(desiredOf(longhorn))?.env.WANTED_PACKAGES?.split(' ')).toEqual(
      expect.arrayContaining(['open-iscsi', 'iscsi-initiator-utils', 'nfs-common', 'nfs-utils', 'nfs-client']),
    )
  })

  it('puts its annotation on the Node once, and lets others alone', () => {
    const desired = desiredOf(longhorn)
    const node = { labels: {}, annotations: { other: 'x', ...desired.annotations }, taints: [] } as never
    expect(metadataDrift(desired, node).annotations).toEqual({})
    expect(Object.keys(metadataDrift(desired, undefined).annotations)).toEqual([
      'node.longhorn.io/default-disks-config',
    ])
  })
})

describe('the plan', () => {
  const wish = wishOf({ ...longhorn, sysctl: ['vm.max_map_count=262144'] })

  it('gives what is missing, in order, and nothing that is there', () => {
    const plan = planPrerequisites(wish, parsePrerequisites(lines()))
    expect(plan.map(({ id }) => id)).toEqual(['install-packages', 'load-modules', 'set-sysctl', 'enable-services'])
    expect(plan[0]?.target).toBe('open-iscsi, nfs-common, cryptsetup with apt')
    expect(plan.every(({ disrupts }) => disrupts === undefined)).toBe(true)
  })

  it('names packages as the family of the host does', () => {
    const found = parsePrerequisites(lines({ fact: 'prerequisites.packages', manager: 'dnf', list: '' }))
    expect(planPrerequisites(wish, found)[0]?.target).toBe(
      'iscsi-initiator-utils, nfs-utils, cryptsetup, device-mapper with dnf',
    )
  })

  it('is empty where everything is there, and waits with the other changes of a host that is to be adopted', () => {
    const list = wish.packages.map((name) => `${name}\tinstalled\t1`).join('\n')
    const found = parsePrerequisites(
      lines(
        { fact: 'prerequisites.packages', manager: 'apt', list },
        {
          fact: 'prerequisites.service',
          name: 'iscsid',
          shown: 'LoadState=loaded\nActiveState=active\nUnitFileState=enabled',
        },
        { fact: 'prerequisites.module', name: 'iscsi_tcp', state: 'loaded' },
        { fact: 'prerequisites.module', name: 'dm_crypt', state: 'loaded' },
        { fact: 'prerequisites.sysctl', key: 'vm.max_map_count', value: '262144', known: true },
        {
          fact: 'prerequisites.file',
          path: '/etc/modules-load.d/k3s-gpu-actions.conf',
          text: '# Written by k3s-gpu-actions.\niscsi_tcp\ndm_crypt',
        },
        {
          fact: 'prerequisites.file',
          path: '/etc/sysctl.d/90-k3s-gpu-actions.conf',
          text: '# Written by k3s-gpu-actions.\nvm.max_map_count = 262144',
        },
      ),
    )
    expect(planPrerequisites(wish, found)).toEqual([])
    const waiting = planPrerequisites(wish, parsePrerequisites(lines()), 'adopt: apply')
    expect(new Set(waiting.map(({ waitsFor }) => waitsFor))).toEqual(new Set(['adopt: apply']))
  })

  it('starts a service that runs and does not start at boot', () => {
    const found = parsePrerequisites(
      lines({
        fact: 'prerequisites.service',
        name: 'iscsid',
        shown: 'LoadState=loaded\nActiveState=active\nUnitFileState=disabled',
      }),
    )
    expect(planPrerequisites(wish, found).map(({ id }) => id)).toContain('enable-services')
  })
})

describe('the checks', () => {
  const wish = wishOf(longhorn)
  const verdicts = (...changes: readonly ScriptLine[]): Readonly<Record<string, string>> =>
    Object.fromEntries(
      prerequisiteChecks(wish, parsePrerequisites(lines(...changes))).map(({ id, verdict }) => [id, verdict]),
    )

  it('pass on a machine with a disk of its own, and are not asked where nothing is wanted', () => {
    expect(verdicts()).toEqual({
      'host.packages': 'pass',
      'host.services': 'pass',
      'host.wanted-modules': 'pass',
      'storage.disk': 'pass',
      'storage.multipath': 'pass',
    })
    expect(prerequisiteChecks(undefined, parsePrerequisites([]))).toEqual([])
  })

  it.each([
    ['there is no folder', disk({ there: false }), 'fail'],
    ['nothing is mounted there', disk({ mount: '/dev/nvme0n1p2 / ext4 rw' }), 'fail'],
    [
      'a folder of the system’s disk is mounted there',
      disk({ mount: '/dev/nvme0n1p2 /mnt/longhorn/sdb1 ext4 rw' }),
      'fail',
    ],
    ['it is a folder on another disk', disk({ mount: '/dev/sdb1 /mnt/longhorn ext4 rw' }), 'warn'],
    ['it is read-only', disk({ mount: '/dev/sdb1 /mnt/longhorn/sdb1 ext4 ro,relatime' }), 'fail'],
    ['it is in memory', disk({ mount: 'tmpfs /mnt/longhorn/sdb1 tmpfs rw' }), 'fail'],
    ['it is over the network', disk({ mount: 'nas:/x /mnt/longhorn/sdb1 nfs4 rw' }), 'fail'],
    ['it is btrfs', disk({ mount: '/dev/sdb1 /mnt/longhorn/sdb1 btrfs rw' }), 'fail'],
    ['it is nearly full', disk({ free: 48_058_849 }), 'warn'],
    ['it is gone after a boot', disk({ boot: false }), 'warn'],
    ['the host did not say which mount it is', disk({ mount: '' }), 'fail'],
  ])('storage.disk: %s', (_, line, verdict) => {
    expect(verdicts(line)['storage.disk']).toBe(verdict)
  })

  it.each([
    ['host.packages', { fact: 'prerequisites.packages', manager: '', list: '' }, 'fail'],
    [
      'host.services',
      { fact: 'prerequisites.service', name: 'iscsid', shown: 'LoadState=masked\nUnitFileState=masked' },
      'fail',
    ],
    ['host.wanted-modules', { fact: 'prerequisites.module', name: 'iscsi_tcp', state: 'missing' }, 'fail'],
    ['storage.multipath', { fact: 'prerequisites.multipath', state: 'active', kept: false }, 'warn'],
    ['storage.multipath', { fact: 'prerequisites.multipath', state: 'active', kept: true }, 'pass'],
  ] satisfies readonly [string, ScriptLine, string][])('%s of %j is %s', (id, line, verdict) => {
    expect(verdicts(line)[id]).toBe(verdict)
  })
})

it('a package whose name ends with a dash is refused: to apt-get install that means to remove it', () => {
  // apt-get(8), install: "If a hyphen is appended to the package name … the identified package will be removed if it is installed".
  expect(() => wishOf({ packages: ['jq-'] })).toThrow(/without a version/)
  expect(wishOf({ packages: ['g++', 'open-iscsi'] }).packages).toEqual(['g++', 'open-iscsi'])
})
