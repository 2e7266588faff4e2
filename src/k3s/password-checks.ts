import { bothIdentities, type JoinSituation } from '../join/index.ts'
import type { Change, Check } from '../report/index.ts'
import { type K3sInstallation, paths } from './model.ts'
import { type NodePasswordFinding, nodePasswordSecret, passwordRuling } from './node-password.ts'

const id = 'k3s.node-password'
const question = "Will the server accept this host's node password?"

/** `of 2026-08-01T10:00:00Z`; empty when the Secret does not say. */
const dated = (finding: NodePasswordFinding | undefined): string =>
  finding?.secret?.createdAt ? ` of ${finding.secret.createdAt}` : ''

const onHost: Readonly<Record<string, string>> = {
  missing: `the host has none (${paths.nodePassword} is not there)`,
  different: 'the host has another one',
  unknown: "it could not be compared with the host's",
}

/** The conflict that k3s tells of only in the journal of an agent that tries for ever, seen before its start. Pure. */
export function passwordChecks(situation: JoinSituation, found: K3sInstallation): readonly Check[] {
  const finding = found.nodePassword
  const { node } = situation.desired
  if (finding === undefined)
    return [{ id, verdict: 'skip', question, found: 'not asked: the agent is not started by this plan' }]
  const kept = `the cluster keeps a password${dated(finding)} for ${node}, and ${onHost[finding.state] ?? ''}`
  const cause =
    'a server rejects an agent whose password is not the one it keeps for that name, every time it asks (403)'
  const evidence = [`secret kube-system/${nodePasswordSecret(node)}${dated(finding)}`, ...bothIdentities(situation)]
  switch (passwordRuling(situation, finding)) {
    case 'fine': {
      const fits =
        finding.state === 'none' ? `the cluster keeps none for ${node}` : 'it is the one that the cluster keeps'
      return [{ id, verdict: 'pass', question, found: fits }]
    }
    case 'healed':
      return [
        {
          id,
          verdict: 'warn',
          question,
          found: `${kept}; it is this machine's own, from an earlier installation (same system UUID)`,
          cause,
          remedy: `nothing to do: the plan deletes that Secret, and nothing else of ${node}`,
          evidence,
        },
      ]
    case 'replaced':
      return [
        {
          id,
          verdict: 'warn',
          question,
          found: `${kept}; it is deleted, as replace-node says`,
          cause,
          remedy: 'nothing to do: the plan deletes that Secret',
          evidence,
        },
      ]
    case 'foreign':
      return [{ id, verdict: 'skip', question, found: 'the name belongs to another machine: see cluster.name' }]
    case 'live':
      return [
        {
          // A consequence of the plan, as the GPU in use is one: no ignore-checks makes a server accept it.
          id: 'plan.node-password',
          verdict: 'fail',
          question: 'Would the node that lives come back from the start that is planned?',
          found: `no: ${kept}. ${node} is alive on this very machine, and its agent would be rejected as soon as it is started again`,
          cause: `${paths.nodePassword} was lost or changed while the agent ran; the password of a live node is never deleted`,
          remedy: `stop the agent (sudo systemctl stop k3s-agent; containers keep running), wait a minute until ${node} is no longer alive, then press the button again`,
          evidence,
        },
      ]
    case 'empty':
      return [
        {
          id,
          verdict: 'fail',
          question,
          found: `${paths.nodePassword} is empty`,
          cause: 'k3s sends what is in that file, and makes a password only where there is no file',
          remedy: `sudo rm ${paths.nodePassword}, then press the button again`,
          evidence,
        },
      ]
    case 'unproven':
      return [
        {
          id,
          verdict: 'fail',
          question,
          found: `${kept}; nothing proves that it is this machine's own`,
          cause,
          remedy: `press the button again with replace-node = ${node} when no other machine of that name is to come back, or give this machine another name`,
          evidence,
        },
      ]
    case 'unknown':
      return [
        {
          id,
          verdict: 'warn',
          question,
          found: finding.secret ? `${kept}: ${finding.problem ?? ''}` : `not known: ${finding.problem ?? ''}`,
          cause: finding.secret ? cause : 'the Secrets of kube-system could not be listed',
          remedy: finding.secret
            ? `if the server rejects it, press the button again with replace-node = ${node}`
            : 'nothing to do: if the server rejects the password, the run ends with its words',
          evidence,
        },
      ]
  }
}

/** The change that clears the way, where there is one. Pure. */
export function passwordChange(situation: JoinSituation, found: K3sInstallation): Omit<Change, 'id'> | undefined {
  const ruling = passwordRuling(situation, found.nodePassword)
  if (ruling !== 'healed' && ruling !== 'replaced') return undefined
  if (found.nodePassword?.secret === undefined) return undefined
  const { node } = situation.desired
  const { node: existing } = situation.reading
  return {
    kind: 'delete',
    target: `secret kube-system/${nodePasswordSecret(node)}`,
    reason:
      ruling === 'healed'
        ? `from an earlier installation of this machine (same system UUID); node ${node} with its labels and pods stays`
        : existing
          ? `confirmed by replace-node: it goes with node ${node}`
          : 'confirmed by replace-node: no node has that name any more',
    undo: 'none: the password in it is not known; the agent stores its own when it starts',
  }
}
