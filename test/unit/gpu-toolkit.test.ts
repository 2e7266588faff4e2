import { describe, expect, it } from '@jest/globals'
import { runtimeMaterial } from '../../src/gpu/apply.ts'
import { containerCallsCheck } from '../../src/gpu/checks/container-calls.ts'
import { toolkitChecks } from '../../src/gpu/checks/toolkit.ts'
import type { ContainerCall, GpuFacts, GpuWish } from '../../src/gpu/model.ts'
import { toolkitPackages } from '../../src/gpu/model.ts'
import { isOlder, nvidiaRepository, nvidiaRepositoryKey, planToolkit } from '../../src/gpu/toolkit.ts'

const wished: GpuWish = {
  node: 'calypso',
  toolkit: 'install',
  repositoryKeys: [],
  holdPackages: 'none',
  devicePlugin: 'apply',
  devicePluginImage: 'image',
  replaceDevicePlugin: '',
  defaultRuntime: 'keep',
  quarantineTemplate: false,
  allowGpuDisruption: false,
}
const packages = (version: string, isHeld = false): GpuFacts['toolkit']['packages'] =>
  toolkitPackages.map((name) => ({ name, version, isHeld }))
const bare: GpuFacts['toolkit'] = {
  packageManager: 'apt',
  packages: packages(''),
  repository: { path: '', urls: [], keyring: '' },
  keyFingerprints: [],
  missingPrerequisites: [],
  ctkVersion: '',
}
const known: Partial<GpuFacts['toolkit']> = {
  repository: {
    path: '/etc/apt/sources.list.d/nvidia-container-toolkit.list',
    urls: [`${nvidiaRepository}/stable/deb/$(ARCH)`],
    keyring: '/usr/share/keyrings/nvidia-container-toolkit-keyring.gpg',
  },
  keyFingerprints: [nvidiaRepositoryKey],
}
const driverPackage = { name: 'nvidia-driver-575', version: '575.51.03-0ubuntu1', isHeld: false }

function facts(toolkit: Partial<GpuFacts['toolkit']> = {}, more: Partial<GpuFacts> = {}): GpuFacts {
  return {
    pci: [{ address: '0000:01:00.0', id: '10de:2684', driver: 'nvidia' }],
    driver: { packages: [driverPackage] },
    toolkit: { ...bare, ...toolkit },
    k3s: { unit: 'k3s-agent', searchPath: ['/usr/local/nvidia/toolkit', '/usr/bin'] },
    runtimes: [],
    deviceLinks: { missing: [], hasRule: false, isNeeded: false },
    ...more,
  } as unknown as GpuFacts
}
const planned = (wish: Partial<GpuWish>, gpu: GpuFacts) => {
  const { changes, version } = planToolkit({ ...wished, ...wish }, gpu)
  return [...changes.map(({ id }) => id), version].join(' ')
}
const links = { deviceLinks: { missing: ['/dev/nvidia0'], hasRule: false, isNeeded: true } }
const runtime = {
  runtimes: [
    { name: 'nvidia-container-runtime', path: '/usr/local/nvidia/toolkit/nvidia-container-runtime', package: '' },
  ],
}

describe('the plan of the toolkit', () => {
  it.each<[string, Partial<GpuWish>, GpuFacts, string]>([
    [
      'installs what is missing, at a fixed version, from a repository that is added',
      {},
      facts(),
      'add-repository install-toolkit 1.20.0',
    ],
    ['leaves an installed one alone', {}, facts({ packages: packages('1.17.9-1') }), '1.17.9'],
    [
      'does nothing when the version asked for is there',
      { toolkitVersion: '1.17.9' },
      facts({ packages: packages('1.17.9-1') }),
      '1.17.9',
    ],
    [
      'changes the version only when another is asked for',
      { toolkitVersion: '1.20.0' },
      facts({ packages: packages('1.17.9-1'), ...known }),
      'install-toolkit 1.20.0',
    ],
    [
      'completes packages of one version with that version',
      {},
      facts({ packages: packages('1.19.0-1').map((one, at) => (at === 3 ? { ...one, version: '' } : one)), ...known }),
      'install-toolkit 1.19.0',
    ],
    [
      'lifts differing ones that are not safe to the default',
      {},
      facts({
        packages: packages('1.13.5-1').map((one, at) => (at === 3 ? { ...one, version: '1.12.0-1' } : one)),
        ...known,
      }),
      'install-toolkit 1.20.0',
    ],
    ['changes nothing in verify mode', { toolkit: 'verify' }, facts(), ''],
    ['does not install beside what an operator put there', {}, facts({ ctkVersion: '1.17.5' }, runtime), '1.17.5'],
    [
      'adds a repository beside a former one of NVIDIA that gets no new versions',
      {},
      facts({
        repository: {
          path: '/etc/apt/sources.list.d/libnvidia-container.list',
          urls: [`${nvidiaRepository}/stable/ubuntu18.04/$(ARCH)`],
          keyring: '',
        },
      }),
      'add-repository install-toolkit 1.20.0',
    ],
    [
      'leaves a mirror of the owner alone',
      {},
      facts({
        repository: {
          path: '/etc/apt/sources.list.d/mirror.list',
          urls: ['https://mirror.example/nvidia'],
          keyring: '',
        },
      }),
      'install-toolkit 1.20.0',
    ],
    [
      'adds the mirror that is asked for',
      { repository: 'https://mirror.example/nvidia' },
      facts(known),
      'add-repository install-toolkit 1.20.0',
    ],
    [
      'takes no other host for that mirror',
      { repository: 'https://mirror.example/nvidia' },
      facts({ repository: { path: '/x.list', urls: ['https://mirror.example/nvidia-evil/stable/deb'], keyring: '' } }),
      'add-repository install-toolkit 1.20.0',
    ],
    ['plans nothing without a package manager', {}, facts({ packageManager: '' }), ''],
    ['holds what it installs', { holdPackages: 'toolkit' }, facts(known), 'install-toolkit hold-packages 1.20.0'],
    [
      'holds the driver, too',
      { holdPackages: 'all' },
      facts({ packages: packages('1.20.0-1', true) }),
      'hold-packages 1.20.0',
    ],
    ['holds nothing twice', { holdPackages: 'toolkit' }, facts({ packages: packages('1.20.0-1', true) }), '1.20.0'],
    [
      'holds no package that an operator did not install as one',
      { holdPackages: 'toolkit' },
      facts({ ctkVersion: '1.17.5' }, runtime),
      '1.17.5',
    ],
    [
      'links devices where systemd can take them away',
      {},
      facts({ packages: packages('1.20.0-1'), ctkVersion: '1.20.0' }, links),
      'link-devices 1.20.0',
    ],
    [
      'links none where nobody can take them away',
      {},
      facts(
        { packages: packages('1.20.0-1'), ctkVersion: '1.20.0' },
        { deviceLinks: { ...links.deviceLinks, isNeeded: false } },
      ),
      '1.20.0',
    ],
    ['links none without the program that does', { toolkit: 'verify' }, facts({}, links), ''],
  ])('%s', (_story, wish, gpu, expected) => {
    expect(planned(wish, gpu)).toBe(expected)
  })

  it('says of every way which command it is, and which have not run yet', () => {
    const reasons = (['apt', 'dnf', 'zypper'] as const).map((packageManager) =>
      planToolkit(wished, facts({ packageManager }))
        .changes.map(({ reason }) => reason)
        .join('\n'),
    )
    expect(reasons[0]).toContain('apt-get install --no-install-recommends nvidia-container-toolkit=1.20.0-*')
    expect(reasons[1]).toContain('dnf install --setopt=install_weak_deps=False nvidia-container-toolkit-1.20.0')
    expect(reasons[2]).toContain('zypper install --no-recommends --oldpackage nvidia-container-toolkit=1.20.0')
    expect(reasons.map((reason) => reason.includes('not yet run'))).toEqual([false, true, true])
    expect(planToolkit(wished, facts()).changes.find(({ id }) => id === 'install-toolkit')?.disrupts).toMatch(/GPU/)
  })

  it('gives the script what the plan says and nothing else', () => {
    const gpu = facts({ missingPrerequisites: ['gpg', 'curl', 'strange; rm'] })
    const wish = { ...wished, holdPackages: 'all' as const }
    const run = { runId: 'one', holder: 'a run' }
    const material = runtimeMaterial(run, wish, gpu, planToolkit(wish, gpu).changes)
    expect(material).toMatchObject({
      steps: ['add-repository', 'install-toolkit', 'hold-packages'],
      toolkitVersion: '1.20.0',
      repository: { url: nvidiaRepository, keys: [nvidiaRepositoryKey] },
      prerequisites: ['gpg', 'curl'],
      hold: [...toolkitPackages, 'nvidia-driver-575'],
    })
  })

  it('orders versions as they were released', () => {
    expect([
      isOlder('1.9.0', '1.17.8'),
      isOlder('1.17.8', '1.17.8'),
      isOlder('1.20.0', '1.17.8'),
      isOlder('1.17', '1.17.8'),
    ]).toEqual([true, false, false, true])
  })
})

describe('the checks of the toolkit', () => {
  it.each<[string, Partial<GpuWish>, GpuFacts, string, RegExp]>([
    ['passes what will be installed', {}, facts(), 'pass pass', /installs 1\.20\.0/],
    [
      'fails without one in verify mode',
      { toolkit: 'verify' },
      facts(),
      'fail pass',
      /without nvidia-container-runtime/,
    ],
    [
      'fails for packages that do not fit together',
      { toolkit: 'verify' },
      facts({ packages: packages('1.20.0-1').slice(0, 3) }),
      'fail pass',
      /libnvidia-container1 missing/,
    ],
    [
      'fails for another version than asked',
      { toolkit: 'verify', toolkitVersion: '1.19.0' },
      facts({ packages: packages('1.20.0-1') }),
      'fail pass',
      /1\.19\.0 is asked for/,
    ],
    [
      'fails for one from which an image can break out',
      { toolkit: 'verify' },
      facts({ packages: packages('1.17.7-1') }),
      'fail pass',
      /CVE-2025-23266/,
    ],
    [
      'warns of it where nobody asked for another',
      {},
      facts({ packages: packages('1.17.7-1') }),
      'warn pass',
      /CVE-2025-23266/,
    ],
    ['passes with the right key', {}, facts({ packages: packages('1.20.0-1'), ...known }), 'pass pass', /stable\/deb/],
    [
      'fails with a strange key beside it',
      {},
      facts({ packages: packages('1.20.0-1'), ...known, keyFingerprints: [nvidiaRepositoryKey, 'A'.repeat(40)] }),
      'pass fail',
      /A{40}/,
    ],
    [
      'knows the key of a mirror from its input',
      { repositoryKeys: ['A'.repeat(40)] },
      facts({ packages: packages('1.20.0-1'), ...known, keyFingerprints: ['A'.repeat(40)] }),
      'pass pass',
      /stable/,
    ],
    [
      'does not know where no gpg could say',
      {},
      facts({ packages: packages('1.20.0-1'), ...known, keyFingerprints: [] }),
      'pass skip',
      /could not be read/,
    ],
    ['fails where there is no package manager', {}, facts({ packageManager: '' }), 'pass fail', /neither apt nor dnf/],
  ])('%s', (_story, wish, gpu, verdicts, words) => {
    const checks = toolkitChecks({ ...wished, ...wish }, gpu)
    expect(checks.map(({ verdict }) => verdict).join(' ')).toBe(verdicts)
    expect(JSON.stringify(checks)).toMatch(words)
  })

  it('asks nothing of a host without a GPU', () => {
    expect(toolkitChecks(wished, facts({}, { pci: [], devices: [] }))).toEqual([])
  })
})

describe('the GPU calls in containers', () => {
  const triton: ContainerCall = {
    runtime: 'docker',
    id: 'a'.repeat(64),
    name: 'triton',
    outcome: 'ok',
    said: 'GPU 0: NVIDIA GeForce RTX 4090',
  }
  const pod: ContainerCall = {
    runtime: 'k3s',
    id: 'b'.repeat(64),
    name: 'ai/embedder-0/embedder',
    outcome: 'ok',
    said: 'GPU 0',
  }
  const lost = {
    ...triton,
    outcome: 'failed' as const,
    said: 'exit code 255: Failed to initialize NVML: Unknown Error',
  }

  it.each<[string, ContainerCall[], ContainerCall[] | undefined, boolean, string | undefined, RegExp]>([
    ['says nothing where no container had the GPU', [lost], [lost], false, undefined, /^$/],
    ['passes when all still have it', [triton, pod], [pod, triton], false, 'pass', /triton \(docker\)/],
    [
      'fails when one lost it, and says how it comes back',
      [triton, pod],
      [lost, pod],
      false,
      'fail',
      /docker restart aaaaaaaaaaaa/,
    ],
    [
      'names the pod to delete',
      [pod],
      [{ ...pod, outcome: 'failed' }],
      false,
      'fail',
      /kubectl delete pod -n ai embedder-0/,
    ],
    ['warns where that was allowed', [triton], [lost], true, 'warn', /Unknown Error/],
    ['warns of a container that is gone', [triton, pod], [pod], false, 'warn', /docker ps -a/],
    ['is an error where nobody could be asked', [triton], undefined, false, 'error', /could not be asked again/],
  ])('%s', (_story, before, after, allowed, verdict, words) => {
    const check = containerCallsCheck(before, after, allowed)
    expect(check?.verdict).toBe(verdict)
    expect(check ? JSON.stringify(check) : '').toMatch(words)
  })
})
