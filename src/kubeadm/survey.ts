import type { ScriptLine } from '../host/index.ts'
import type { KubeadmInstallation, Program, ProgramName } from './model.ts'
import { scripts } from './scripts.generated.ts'

/** kubeadm's part of the survey, appended to the generic one; defines `survey_distribution`. */
export const surveyFragment: string = scripts.survey

/** More of anything than a host has is not worth reading. */
const most = 32
const longestText = 64 * 1024
const programNames: readonly ProgramName[] = ['kubeadm', 'kubelet', 'containerd', 'crictl']

function text(line: ScriptLine | undefined, key: string, longest = 512): string {
  const value = line?.[key]
  return typeof value === 'string' ? value.slice(0, longest) : ''
}

function words(line: ScriptLine | undefined, key: string): readonly string[] {
  return text(line, key, 4096)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, most)
}

function count(line: ScriptLine | undefined, key: string): number {
  const value = line?.[key]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

function programsOf(lines: readonly ScriptLine[]): Partial<Record<ProgramName, Program>> {
  const found: Partial<Record<ProgramName, Program>> = {}
  for (const line of lines) {
    const name = programNames.find((one) => one === line.name)
    if (name !== undefined && found[name] === undefined)
      found[name] = { path: text(line, 'path'), version: text(line, 'version', 128) }
  }
  return found
}

function containerdOf(unit: ScriptLine | undefined, config: ScriptLine | undefined): KubeadmInstallation['containerd'] {
  const driver = words(config, 'runtimes').flatMap((word): [string, boolean][] => {
    const [, name, value] = /^([^=]+)=(true|false)$/.exec(word) ?? []
    return name === undefined ? [] : [[name, value === 'true']]
  })
  return {
    activeState: text(unit, 'active', 64),
    isEnabled: unit?.enabled === true,
    ...(config && {
      config: {
        path: text(config, 'path'),
        version: count(config, 'version'),
        isCriDisabled: config.cri_disabled === true,
        defaultRuntime: text(config, 'default', 128),
        systemdCgroup: Object.fromEntries(driver),
        hasImports: config.imports === true,
      },
    }),
  }
}

/**
 * Reads the `kubeadm.…` lines of the survey (scripts/survey.sh). Everything in them was said by the host and is data: texts are cut,
 * numbers that are none become 0, what is missing is not there. Pure; never throws.
 */
export function surveyInstallation(lines: readonly ScriptLine[]): KubeadmInstallation {
  const all = (name: string) => lines.filter((line) => line.fact === `kubeadm.${name}`).slice(0, most)
  const one = (name: string) => lines.find((line) => line.fact === `kubeadm.${name}`)
  const unit = one('unit')
  const ca = one('ca')
  const kernel = one('kernel')
  return {
    programs: programsOf(all('program')),
    missingTools: words(one('tools'), 'missing'),
    ...(unit && {
      unit: {
        path: text(unit, 'path'),
        activeState: text(unit, 'active', 64),
        subState: text(unit, 'sub', 64),
        isEnabled: unit.enabled === true,
        isMasked: unit.masked === true,
        restarts: count(unit, 'restarts'),
        needsReload: unit.needs_reload === true,
        dropIns: words(unit, 'drop_ins'),
        readsKubeadm: unit.reads_kubeadm === true,
        changedSinceStart: words(unit, 'changed'),
      },
    }),
    containerd: containerdOf(one('containerd'), one('containerd-config')),
    criSockets: [...new Set(all('socket').map((line) => text(line, 'address')))],
    sysctl: {
      ipForward: text(kernel, 'ip_forward', 16),
      ipv6Forward: text(kernel, 'ip6_forward', 16),
      bridgeNfIptables: text(kernel, 'bridge_nf', 16),
    },
    files: all('file').map((line) => text(line, 'path')),
    kubeconfigs: all('kubeconfig').map((line) => ({
      path: text(line, 'path'),
      server: text(line, 'server'),
      caPem: text(line, 'ca', longestText),
    })),
    ...(ca && { caPem: text(ca, 'text', longestText) }),
    manifests: all('manifest').map((line) => text(line, 'name', 256)),
    hasClientCertificate: one('certificate')?.present === true,
    cgroupDriver: text(one('settings'), 'cgroup_driver', 32),
    others: all('other').map((line) => text(line, 'unit', 128)),
    interrupted: all('interrupted').map((line) => ({
      runId: text(line, 'run', 128),
      server: text(line, 'server', 256),
    })),
  }
}
