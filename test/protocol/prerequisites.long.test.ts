/** What a machine is given besides its agent, on a host that is a folder: the apply and undo scripts of src/prerequisites, whole. */
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { DesiredNode, Prerequisites } from '../../src/cluster-file/index.ts'
import { surveyScript } from '../../src/host/index.ts'
import { applyPrerequisites, undoPrerequisites } from '../../src/prerequisites/apply.ts'
import { type PrerequisiteStep, prerequisiteSteps } from '../../src/prerequisites/model.ts'
import { prerequisiteSurvey } from '../../src/prerequisites/survey.ts'
import type { FolderHost, Shell } from './k3s-install-host.ts'
import { stateOf, storageHost, wish } from './prerequisites-host.ts'

const limits = { signal: new AbortController().signal, timeoutMs: 30_000 }
const hosts: FolderHost[] = []
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close()
})
function open(shell?: Shell, spies?: readonly string[]): FolderHost {
  const host = storageHost(shell, spies)
  hosts.push(host)
  return host
}

async function give(
  host: FolderHost,
  runId: string,
  change: Partial<Prerequisites> = {},
  steps: readonly PrerequisiteStep[] = prerequisiteSteps,
) {
  const states: string[] = []
  const onStep = (step: string, state: string): void => void states.push(`${step} ${state}`)
  const run = { runId, label: 'a run' }
  const outcome = await applyPrerequisites(host, run, steps, { ...wish, ...change }, 'apt', { ...limits, onStep })
  return { ...outcome, states }
}
const takeBack = (host: FolderHost, runId: string) => undoPrerequisites(host, { runId, label: 'a run' }, limits)
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ended',
    (error: { code: string }) => error.code,
  )

describe.each(['dash', 'busybox'] as const)('with %s a machine', (shell) => {
  it('is given what it lacks, a second run changes nothing, and an undo leaves everything as it was', async () => {
    const host = open(shell)
    const before = stateOf(host)
    const first = await give(host, 'one')
    expect(first.states).toEqual(prerequisiteSteps.map((step) => `${step} done`))
    expect(first.installed).toEqual(['open-iscsi', 'jq'])
    expect(host.read('var/lib/dpkg/stand-in')).toBe(
      'dmsetup 2:1.02.175-2.1ubuntu4\njq 1\nlibopeniscsiusr 1\nopen-iscsi 1\n',
    )
    expect(host.read('proc/modules')).toMatch(/^overlay .*\niscsi_tcp .*\ndm_crypt .*\n$/)
    expect(host.read('etc/modules-load.d/k3s-gpu-actions.conf')).toBe(
      '# Written by k3s-gpu-actions.\niscsi_tcp\ndm_crypt\n',
    )
    expect(host.read('proc/sys/vm/max_map_count')).toBe('262144\n')
    expect(host.read('etc/sysctl.d/90-k3s-gpu-actions.conf')).toBe(
      '# Written by k3s-gpu-actions.\nvm.max_map_count = 262144\nnet.ipv4.ip_forward = 1\n',
    )
    expect(host.mode('etc/sysctl.d/90-k3s-gpu-actions.conf')).toBe('644')
    // Nobody is asked, nothing is restarted by a package, and systemd is not told to read its units again.
    expect(new Set(host.read('tmp/apt-environment')?.trim().split('\n'))).toEqual(new Set(['noninteractive 1 1']))
    expect(host.calls().filter((call) => /daemon-reload|restart|upgrade/.test(call))).toEqual([])
    expect(host.calls()).toContain('systemctl enable --no-reload iscsid')

    const given = stateOf(host)
    const second = await give(host, 'two')
    expect(second.states).toEqual(prerequisiteSteps.map((step) => `${step} unchanged`))
    expect(stateOf(host)).toEqual(given)
    // What a run that changed nothing would take back is nothing.
    expect((await takeBack(host, 'two')).remaining).toEqual([])
    expect(stateOf(host)).toEqual(given)

    const undone = await takeBack(host, 'one')
    expect(undone).toEqual({ undone: expect.arrayContaining([...prerequisiteSteps]), remaining: [] })
    expect(stateOf(host)).toEqual(before)
    expect(host.calls()).toContain('systemctl stop iscsid')
    expect(await host.leftProcesses()).toEqual([])
  })

  it('keeps what others gave it before, and gets back what it had', async () => {
    const host = open(shell)
    host.write('var/lib/dpkg/stand-in', 'jq 1\n')
    host.write('proc/modules', 'iscsi_tcp 32768 2 - Live 0x0000000000000000\n')
    host.write('etc/modules-load.d/k3s-gpu-actions.conf', '# Written by k3s-gpu-actions.\nnfs\n', 0o600)
    host.write('proc/sys/net/ipv4/ip_forward', '1\n')
    const before = stateOf(host)
    await give(host, 'one')
    await takeBack(host, 'one')
    expect(stateOf(host)).toEqual(before)
  })
})

describe('a machine', () => {
  it('of which apt would remove a package is left alone', async () => {
    const host = open()
    host.write('apt-removes', '')
    const before = stateOf(host)
    expect(await codeOf(give(host, 'one'))).toBe('would-disturb')
    expect(stateOf(host)).toEqual(before)
  })

  it('is not given whatever fits a name with a dot that apt does not know: to apt that is an expression', async () => {
    const host = open()
    const packages = ['jq', 'python3.11']
    host.write('known-names', 'python3-11\npython3.11-doc\n')
    const before = stateOf(host)
    expect(await codeOf(give(host, 'one', { packages }, ['install-packages']))).toBe('packages-not-installed')
    expect(stateOf(host)).toEqual(before)
    host.write('known-names', 'python3.11\npython3.11-doc\n')
    expect((await give(host, 'two', { packages }, ['install-packages'])).states).toContain('install-packages done')
  })

  it('whose wanted disk is a link is asked for the mount that the link leads to', async () => {
    const host = open()
    const device = '/dev/sdb1 /mnt/data ext4 rw 0 0'
    host.write('proc/mounts', `/dev/sda2 / ext4 rw 0 0\n${device}\n/dev/sdc1 /mnt/longhorn ext4 rw 0 0\n`)
    mkdirSync(join(host.root, 'mnt/longhorn'), { recursive: true })
    mkdirSync(join(host.root, 'srv/on-system'), { recursive: true })
    symlinkSync('../../srv/on-system', join(host.root, 'mnt/longhorn/sdb1'))
    const disk = '/mnt/longhorn/sdb1'
    const part = prerequisiteSurvey({ prerequisites: { ...wish, disk } } as unknown as DesiredNode)
    const { lines } = await host.run({
      name: 'survey',
      script: `${surveyScript}\n${part?.script}\nmain() { survey_prerequisites; }`,
      env: part?.env ?? {},
      privilege: 'root',
      ...limits,
    })
    const found = lines.find(({ fact }) => fact === 'prerequisites.disk')
    expect(found).toMatchObject({ path: disk, there: true, mount: '/dev/sda2 / ext4 rw' })
  })

  it('whose apt asks a question gets no answer', async () => {
    const host = open()
    host.write('apt-asks', '')
    await give(host, 'one')
    expect(host.read('tmp/answered')).toBeUndefined()
  })

  it.each([
    ['module-fails', 'module-failed'],
    ['', 'sysctl-unknown'],
  ])('that does not take one of them (%s) is taken back: %s', async (flag, code) => {
    const host = open()
    if (flag !== '') host.write(flag, '')
    const before = stateOf(host)
    const change = code === 'sysctl-unknown' ? { sysctl: { 'net.bridge.bridge-nf-call-iptables': '1' } } : {}
    expect(await codeOf(give(host, 'one', change))).toBe(code)
    expect((await takeBack(host, 'one')).remaining).toEqual([])
    expect(stateOf(host)).toEqual(before)
  })

  it('whose service does not start says why, and is taken back', async () => {
    const host = open()
    host.flag('start-fails')
    host.program('journalctl', '#!/bin/sh\necho "iscsid: can not bind to the socket"\n')
    const before = stateOf(host)
    expect(await codeOf(give(host, 'one'))).toBe('service-failed')
    expect((await takeBack(host, 'one')).remaining).toEqual([])
    expect(stateOf(host)).toEqual(before)
  })

  it.each([
    [
      'packages',
      { packages: ['jq;touch${IFS}$ROOT/tmp/owned', '$(touch $ROOT/tmp/owned)', '`touch $ROOT/tmp/owned`'] },
    ],
    ['modules', { modules: ['dm_crypt;touch $ROOT/tmp/owned', '$(touch $ROOT/tmp/owned)'] }],
    ['services', { services: ['iscsid;touch $ROOT/tmp/owned', '`touch $ROOT/tmp/owned`'] }],
    ['sysctl', { sysctl: { 'vm.max_map_count': '1$(touch $ROOT/tmp/owned)', 'vm.`touch $ROOT/tmp/owned`': '1' } }],
  ] as const)('runs nothing that stands in the names of %s, whatever passed the grammar', async (_name, change) => {
    const host = open()
    await codeOf(give(host, 'one', change))
    expect(host.read('tmp/owned')).toBeUndefined()
  })

  it('of a settings file that leads elsewhere keeps what it leads to', async () => {
    const host = open()
    host.write('etc/passwd', 'root:x:0:0\n')
    host.write('etc/sysctl.d/README', '')
    host.link('etc/sysctl.d/90-k3s-gpu-actions.conf', '../passwd')
    const before = stateOf(host)
    await give(host, 'one')
    expect(host.read('etc/passwd')).toBe('root:x:0:0\n')
    await takeBack(host, 'one')
    expect(stateOf(host)).toEqual(before)
  })
})

/** Every program that changes something; the package manager is called through env, and awk and cat are between the others. */
const spies = ['mv', 'cp', 'mkdir', 'rm', 'chmod', 'env', 'tr', 'cmp']

it('a run that is killed between any two steps is brought to the end by the next one, or taken back', async () => {
  const clean = open()
  const before = stateOf(clean)
  await give(clean, 'clean')
  const goal = stateOf(clean)
  let kills = 0
  for (let call = 1; ; call += 3) {
    const host = open('dash', spies)
    host.flag('kill-at', `${call}\n`)
    const code = await codeOf(give(host, 'killed'))
    host.unflag('kill-at')
    if (code === 'ended') break
    expect([call, code]).toEqual([call, 'script-failed'])
    kills += 1
    const isUndoneAtOnce = kills % 2 === 0
    if (!isUndoneAtOnce) {
      await give(host, 'again')
      expect([call, stateOf(host)]).toEqual([call, goal])
    }
    const undone = await takeBack(host, isUndoneAtOnce ? 'killed' : 'again')
    expect([call, undone.remaining, stateOf(host)]).toEqual([call, [], before])
  }
  expect(kills).toBeGreaterThan(5)
}, 120_000)
