import type { JoinSituation } from '../../join/index.ts'
import { type K3sInstallation, paths } from '../model.ts'

/** A value that k3s is given, and where. */
export interface Given {
  /** The file, or the unit. */
  readonly path: string
  readonly value: string
  readonly isUnit: boolean
}

/**
 * What configuration files give for one key, as k3s puts it together: a key takes the place of what earlier files say, `key+`
 * is added to it (pkg/configfilearg). Our own drop-in is left out: a run writes it anew.
 */
function fromFiles(found: K3sInstallation, key: K3sInstallation['settings'][number]['key']): readonly Given[] {
  let given: Given[] = []
  for (const setting of found.settings) {
    if (setting.key !== key || setting.path === paths.ownConfig) continue
    if (!setting.isAdded && setting.value === '') given = []
    else if (setting.value !== '') given.push({ path: setting.path, value: setting.value, isUnit: false })
  }
  return given
}

/** Values of `--name value` and `--name=value` among the arguments of the unit. */
function fromUnit(found: K3sInstallation, name: string): readonly Given[] {
  const words = found.unit?.arguments ?? []
  const path = found.unit?.path ?? paths.unit
  return words.flatMap((word, index) => {
    if (word.startsWith(`--${name}=`)) return [{ path, value: word.slice(name.length + 3), isUnit: true }]
    const next = words[index + 1]
    return word === `--${name}` && next !== undefined ? [{ path, value: next, isUnit: true }] : []
  })
}

/** Arguments win over files today; files count too, because a run of ours takes such arguments out of the unit. */
export function nodeLabels(found: K3sInstallation): readonly Given[] {
  return [...fromFiles(found, 'node-label'), ...fromUnit(found, 'node-label')]
}

/** Values that the kubelet is given for one of its own arguments, the last one counts. */
export function kubeletArguments(situation: JoinSituation, found: K3sInstallation, name: string): readonly Given[] {
  const wished = situation.desired.extraConfig['kubelet-arg'] ?? situation.desired.extraConfig['kubelet-arg+']
  const wishes = (Array.isArray(wished) ? wished : [wished]).filter((one): one is string => typeof one === 'string')
  const all: readonly Given[] = [
    ...fromFiles(found, 'kubelet-arg'),
    ...wishes.map((value) => ({ path: '`extra-config`', value, isUnit: false })),
    ...fromUnit(found, 'kubelet-arg'),
  ]
  return all
    .filter(({ value }) => value.startsWith(`${name}=`))
    .map((one) => ({ ...one, value: one.value.slice(name.length + 1) }))
}
