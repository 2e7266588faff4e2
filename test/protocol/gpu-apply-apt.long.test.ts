import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { applyRuntime, type RuntimeMaterial } from '../../src/gpu/apply.ts'
import type { HostStep } from '../../src/gpu/model.ts'
import { undoRuntime } from '../../src/gpu/undo.ts'
import { missingForApt, ThrowAwaySystem, TinyRepository } from './gpu-apt-host.ts'

const missing = missingForApt()
if (missing !== undefined) process.stdout.write(`skipped: the real apt is not tried, ${missing}\n`)

const limits = { signal: new AbortController().signal, timeoutMs: 120_000 }
const steps: readonly HostStep[] = [
  'add-repository',
  'install-toolkit',
  'hold-packages',
  'link-devices',
  'write-default-runtime',
]
const four = [
  'nvidia-container-toolkit',
  'nvidia-container-toolkit-base',
  'libnvidia-container-tools',
  'libnvidia-container1',
]

;(missing === undefined ? describe : describe.skip)('the real apt', () => {
  let repository: TinyRepository
  let system: ThrowAwaySystem
  beforeAll(async () => {
    repository = new TinyRepository()
    await repository.serve()
  })
  afterAll(async () => repository.close())
  beforeEach(async () => {
    system = await ThrowAwaySystem.open()
  })
  afterEach(async () => system.close())

  const material = (runId: string, change: Partial<RuntimeMaterial> = {}): RuntimeMaterial => ({
    runId,
    holder: 'a run',
    steps,
    unit: 'k3s-agent',
    packageManager: 'apt',
    toolkitVersion: '1.20.0',
    repository: { url: repository.url, keys: [repository.fingerprint] },
    prerequisites: [],
    hold: four,
    templates: [],
    searchPath: ['/usr/local/nvidia/toolkit', '/opt/kwasm/bin', '/usr/bin'],
    program: '',
    defaultRuntime: 'keep',
    ...change,
  })
  const undo = (runId: string) => undoRuntime(system, runId, { ...limits, unit: 'k3s-agent' })
  const versions = () =>
    system
      .sh(
        "dpkg-query -W -f='${Package} ${Version} ${db:Status-Abbrev}\\n' '*nvidia-container*' kga-needed 2>/dev/null || :",
      )
      .trim()

  it('installs four packages at one version from a repository whose key was compared, has nothing to do the second time, and leaves no trace when it is undone', async () => {
    const before = system.picture()
    const first = await applyRuntime(system, material('one'), limits)
    expect(first.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(versions()).toBe(
      [
        'kga-needed 1 ii',
        'libnvidia-container-tools 1.20.0-1 hi',
        'libnvidia-container1 1.20.0-1 hi',
        'nvidia-container-toolkit 1.20.0-1 hi',
        'nvidia-container-toolkit-base 1.20.0-1 hi',
      ].join(' \n'),
    )
    expect(system.sh('cat /var/log/postinst')).toBe('offline=1 frontend=noninteractive needrestart=1\n')
    expect(system.sh('cat /etc/apt/sources.list.d/nvidia-container-toolkit.list')).toBe(
      `deb [signed-by=/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg] ${repository.url}/stable/deb/$(ARCH) /\n`,
    )
    const prepared = system.picture()
    const second = await applyRuntime(system, material('two'), limits)
    expect(second.isChanged).toBe(false)
    expect(system.picture()).toBe(prepared)

    const undone = await undo('one')
    expect(undone).toEqual({
      undone: ['hold-packages', 'install-toolkit', 'write-default-runtime', 'link-devices', 'add-repository'],
      remaining: [],
      evidence: [],
    })
    expect(system.picture()).toBe(before)
    expect(system.sh('cat /var/log/calls')).not.toMatch(/daemon-reload|restart/)
  }, 120_000)

  it('changes held packages of another version when that is asked for, and puts the former version back with its holds', async () => {
    await applyRuntime(system, material('old', { toolkitVersion: '1.17.8' }), limits)
    const before = system.picture()
    const outcome = await applyRuntime(system, material('new'), limits)
    expect(outcome.steps.filter(({ state }) => state === 'done').map(({ step }) => step)).toEqual(['install-toolkit'])
    expect(versions()).toMatch(/toolkit 1\.20\.0-1 hi/)
    expect((await undo('new')).remaining).toEqual([])
    expect(system.picture()).toBe(before)
  }, 120_000)

  it('goes on after a kill -9 in the middle of an installation, and undo takes back both runs', async () => {
    const before = system.picture()
    system.sh('touch /tmp/kill-now')
    await expect(applyRuntime(system, material('killed'), limits)).rejects.toMatchObject({ code: 'script-failed' })
    expect(versions()).toMatch(/(iF|iU)/)
    const again = await applyRuntime(system, material('again'), limits)
    expect(again.interrupted).toEqual([{ runId: 'killed', step: 'install-toolkit' }])
    expect(versions()).not.toMatch(/(iF|iU)/)
    expect((await undo('again')).remaining).toEqual([])
    expect(system.picture()).toBe(before)
  }, 120_000)

  it('takes back an installation that was killed, and one whose package fails', async () => {
    const before = system.picture()
    for (const flag of ['kill-now', 'fail-now']) {
      system.sh(`touch /tmp/${flag}`)
      await expect(applyRuntime(system, material(flag), limits)).rejects.toMatchObject({
        code: flag === 'kill-now' ? 'script-failed' : 'install-failed',
      })
      expect((await undo(flag)).remaining).toEqual([])
      expect(system.picture()).toBe(before)
      system.sh('rm -f /tmp/fail-now')
    }
  }, 120_000)

  it('refuses a key that is not the wanted one, a keyring of somebody else, a repository that somebody changed, and what would remove a package', async () => {
    const before = system.picture()
    const stranger = 'A'.repeat(40)
    const refuse = async (runId: string, change: Partial<RuntimeMaterial>, code: string, cause: RegExp) => {
      await expect(applyRuntime(system, material(runId, change), limits)).rejects.toMatchObject({
        code,
        cause: expect.stringMatching(cause),
      })
      expect((await undo(runId)).remaining).toEqual([])
    }
    await refuse(
      'key',
      { repository: { url: repository.url, keys: [stranger] } },
      'key-differs',
      new RegExp(repository.fingerprint),
    )
    await refuse(
      'nobody',
      { repository: { url: `${repository.url}/nowhere`, keys: [stranger] } },
      'key-unreachable',
      /nowhere\/gpgkey/,
    )
    repository.isTampered = true
    await refuse('unsigned', {}, 'repository-unusable', /not signed by its key/)
    repository.isTampered = false
    expect(system.picture()).toBe(before)

    await refuse('partial', { toolkitVersion: '1.21.0' }, 'version-unavailable', /1\.21\.0/)
    expect(system.picture()).toBe(before)

    system.sh('mkdir -p /usr/share/keyrings; echo rubbish >/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg')
    const tampered = system.picture()
    await refuse('tampered', {}, 'keyring-differs', /of nobody/)
    expect(system.picture()).toBe(tampered)
    system.sh('rm /usr/share/keyrings/nvidia-container-toolkit-keyring.gpg')

    await applyRuntime(system, material('repository', { steps: ['add-repository'] }), limits)
    await system.shAsync('DEBIAN_FRONTEND=noninteractive apt-get -qq install kga-victim')
    const victim = system.picture()
    await refuse('victim', {}, 'would-disturb', /removes kga-victim/)
    expect(system.picture()).toBe(victim)
  }, 120_000)
})
