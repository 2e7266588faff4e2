/** docs/checks.md: every check as the code knows it, for people who want to know what is asked or which id to ignore. */
import { type DeployCheckEntry, deployCheckRegistry } from '../actions/deploy-stack/registry.ts'
import { gpuCheckRegistry } from '../src/gpu/index.ts'
import type { CheckEntry } from '../src/join/index.ts'
import { joinCheckRegistry } from '../src/join/index.ts'
import { k3sCheckRegistry } from '../src/k3s/index.ts'
import { kubeadmCheckRegistry } from '../src/kubeadm/index.ts'
import { type KubeconfigCheckEntry, kubeconfigCheckRegistry } from '../src/kubeconfig/index.ts'
import { leaveCheckRegistry } from '../src/leave/index.ts'
import { prerequisiteCheckRegistry } from '../src/prerequisites/index.ts'
import { suites, type VerifyEntry, watchEntries } from '../src/verify/index.ts'

const stages: Readonly<Record<CheckEntry['stage'], string>> = {
  preflight:
    'Asked before anything is changed, from one survey of the host and three reads of the cluster. What a host does not tell (to somebody who is not root, say) is shown as `skip`, with the reason: neither good nor bad.',
  handshake:
    'The join, tried through the host’s own network before the host is touched. A failure leaves the host as it was.',
  plan: 'Asked of the plan itself.',
  confirm: 'Asked of the API server after the changes.',
}
const gpuStages: Readonly<Partial<Record<CheckEntry['stage'], string>>> = {
  preflight:
    'Asked before anything is changed, from one survey of the host and at most four reads of the cluster. What a host does not tell is shown as `skip`, with the reason. A machine without an NVIDIA GPU is asked nothing further: the run is `skipped`.',
  plan: 'Asked of the plan itself.',
  confirm: 'Asked after the changes, and also when nothing had to be changed.',
}
const order: readonly CheckEntry['stage'][] = ['preflight', 'handshake', 'plan', 'confirm']
const ignorable: Readonly<Record<string, string>> = { true: 'yes', false: 'no', partly: 'for a dead node' }
const cell = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')

const kubeconfigStages: Readonly<Record<KubeconfigCheckEntry['stage'], string>> = {
  environment: 'Asked of what Pulumi ESC holds.',
  kubeconfig:
    'Asked of the kubeconfig itself, before anything is sent with it. Nothing in it is read from disk or run.',
  tunnel: 'Asked where the server is reached over SSH.',
  server:
    'Asked on the way to the server, in this order; what is behind a stage that failed is shown as `skip`. Nothing is changed there.',
}

const deployStages: Readonly<Record<DeployCheckEntry['stage'], string>> = {
  guard:
    'Asked by `guard`, and again before every `preview`, `up` and `drift`; all reasons are told at once, and the failure code is `deploy-refused`. `install` asks `deploy.event`, because a build runs code of the repository. A person at a terminal is not asked.',
  install: 'Asked by `install` before anything is installed.',
}

const title = (word: string): string => `${word[0]?.toUpperCase()}${word.slice(1)}`
const head = ['| id | what it asks | worst answer | can be ignored | what to do |', '|---|---|---|---|---|']

function row(entry: CheckEntry | KubeconfigCheckEntry | DeployCheckEntry): string {
  const cells = [
    `\`${entry.id}\``,
    entry.asks,
    entry.severity,
    ignorable[String(entry.isIgnorable)] ?? 'no',
    entry.remedy,
  ]
  return `| ${cells.map(cell).join(' | ')} |`
}

const verifyHead = ['| id | what it asks | layer | mode | worst answer | what to do |', '|---|---|---|---|---|---|']

function verifyRow({ id, asks, layer, mode, severity, remedy }: Omit<VerifyEntry, 'suite'>): string {
  return `| ${[`\`${id}\``, asks, layer === undefined ? '' : `L${layer}`, mode, severity, remedy].map(cell).join(' | ')} |`
}

/** The suites of verify-cluster, in the order of asking. */
function verifySection(): string[] {
  const about = (name: string, entries: readonly Omit<VerifyEntry, 'suite'>[]) => [
    '',
    `### ${name}`,
    '',
    ...verifyHead,
    ...entries.map(verifyRow),
  ]
  return [
    '',
    '## verify-cluster',
    '',
    'One table for each suite. A check is asked in its mode and in those above it (observe, probe, load). Along a chain (a GPU node, a Triton server) the first layer that fails makes those above it `skip (blocked by …)`. `error` means that a question could not be asked, so that nobody knows.',
    'All of them may be ignored, and lowered for all or for one namespace by `verify.severity` of the cluster file.',
    ...Object.values(suites).flatMap(({ name, entries }) => about(name, entries)),
    ...about('watch-workflow', watchEntries),
  ]
}

/** Text of docs/checks.md. Deterministic; ids of k3s-join in name order within each stage, those of kubeconfig-esc in the order of asking. */
export function checksDocument(): string {
  const entries = [...joinCheckRegistry, ...k3sCheckRegistry, ...prerequisiteCheckRegistry]
  const lines = [
    '# Checks',
    '',
    '<!-- Written by npm run docs from the registries beside the checks in src/join, src/k3s, src/kubeadm, src/gpu, src/kubeconfig and src/verify, and in actions/deploy-stack; edits are overwritten. -->',
    '',
    'A check is one question about a host, a cluster or a kubeconfig. Its answer says what was found, why it matters and what to do; this page says which questions there are.',
    '`fail` and `warn` are the worst that a check answers; what stops a run is decided by `fail-on`.',
    '',
    '`ignore-checks` names checks by id, e.g. `host.clock, host.disk.var-lib`: they are still asked and shown, and stop nothing. Never ignored: the handshake, a name that belongs to a live machine, and whether it is the expected cluster.',
    'A part in angle brackets stands for something of the host or the cluster: for `/var/lib/rancher` the id is `host.disk.var-lib-rancher`.',
    '',
    '## k3s-join',
  ]
  for (const stage of order) {
    const here = entries.filter((entry) => entry.stage === stage).sort((a, b) => (a.id < b.id ? -1 : 1))
    lines.push('', `### ${title(stage)}`, '', stages[stage], '', ...head, ...here.map(row))
  }
  lines.push(
    '',
    '### With kubeadm',
    '',
    'With `distribution: kubeadm` these are asked in place of those named `k3s.…` and of what k3s’s own ways decide; those of any distribution are asked, too. The preflight asks what kubeadm refuses, what it only warns of and then waits for during minutes, and what it never notices. A check that is ignored is named to kubeadm by its own name (`--ignore-preflight-errors`): never all of them, and no phase is skipped.',
    '',
    ...head,
    ...kubeadmCheckRegistry.map(row),
  )
  lines.push(
    '',
    '### Leaving',
    '',
    'Asked with `state: absent`, before anything is changed, from one survey of the host and a few lists of the cluster; of what stands above, nothing is asked then.',
    '',
    ...head,
    ...leaveCheckRegistry.map(row),
  )
  lines.push('', '## gpu-runtime')
  for (const [stage, about] of Object.entries(gpuStages)) {
    const here = gpuCheckRegistry.filter((entry) => entry.stage === stage)
    lines.push('', `### ${title(stage)}`, '', about, '', ...head, ...here.map(row))
  }
  lines.push('', '## kubeconfig-esc')
  for (const [stage, about] of Object.entries(kubeconfigStages)) {
    const here = kubeconfigCheckRegistry.filter((entry) => entry.stage === stage)
    lines.push('', `### ${title(stage)}`, '', about, '', ...head, ...here.map(row))
  }
  lines.push('', '## deploy-stack')
  for (const [stage, about] of Object.entries(deployStages)) {
    const here = deployCheckRegistry.filter((entry) => entry.stage === stage)
    lines.push('', `### ${title(stage)}`, '', about, '', ...head, ...here.map(row))
  }
  lines.push(...verifySection())
  return `${lines.join('\n')}\n`
}
