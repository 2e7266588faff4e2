import { few, isRestrictedLabel, type JoinSituation, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { K3sInstallation } from '../model.ts'
import { type Given, kubeletArguments, nodeLabels } from './settings.ts'

/**
 * A kubelet that is given a label of kubernetes.io or k8s.io that is not on its list exits; where the node exists already the
 * agent's start succeeds first (fixtures/join). Nothing of that needs to be tried: the labels stand in files.
 */
export function labelsCheck(situation: JoinSituation, found: K3sInstallation): Check {
  const id = 'k3s.labels'
  const question = 'Is the kubelet given no label that it refuses?'
  const restricted = [...nodeLabels(found), ...kubeletArguments(situation, found, 'node-labels')].flatMap((given) =>
    given.value
      .split(',')
      .map((label) => ({ ...given, label: label.trim(), key: label.split('=')[0]?.trim() ?? '' }))
      .filter(({ key }) => isRestrictedLabel(key)),
  )
  if (restricted.length === 0) {
    // A file that nobody could read may hold anything.
    const unread = found.configFiles.filter((file) => file.sha256 === '' && file.keys.length === 0)
    if (unread.length > 0) return unanswered(id, question, `${few(unread.map((file) => file.path))} cannot be read`)
    return passed(id, question, 'no')
  }
  const where = (given: Given): string => (given.isUnit ? `${given.path} (ExecStart)` : given.path)
  const keys = [...new Set(restricted.map(({ key }) => key))]
  const places = [...new Set(restricted.map(where))]
  // With its consent a run takes --node-label out of the unit, and then nothing else gives the label.
  const isHealed =
    situation.consent.adopt === 'apply' && restricted.every((one) => one.isUnit && isNodeLabelArgument(found, one))
  return {
    id,
    verdict: isHealed ? 'warn' : 'fail',
    question,
    found: `${few(places)} ${places.length === 1 ? 'sets' : 'set'} ${few(keys)}`,
    cause: isHealed
      ? 'the kubelet exits when it is given such a label; this run takes it out of the unit'
      : `the kubelet exits when it is given ${keys.length === 1 ? 'this label' : 'these labels'}${found.unit?.activeState === 'active' ? ': the agent that runs now dies at its next start' : ', at every start'}`,
    remedy: isHealed
      ? `give ${few(keys)} as \`labels\` of this action when it is still wanted: it sets them through the API`
      : `take ${few(keys)} out of ${few(places)}, and give ${keys.length === 1 ? 'it' : 'them'} as \`labels\` of this action, which sets ${keys.length === 1 ? 'it' : 'them'} through the API`,
    evidence: restricted.slice(0, 16).map((one) => `${where(one)}: ${one.label}`),
  }
}

/** As opposed to node-labels among the kubelet's arguments, which no run of ours takes out. */
function isNodeLabelArgument(found: K3sInstallation, given: Given): boolean {
  return nodeLabels(found).some((one) => one.isUnit && one.value === given.value)
}
