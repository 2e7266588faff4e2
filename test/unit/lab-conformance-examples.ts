/** Recorded outcomes of the embedded world, and the same as another world would tell them that differs only in what it must. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from '../../lab/conformance/outcome.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'

const folder = join(repositoryRoot, 'test', 'fixtures', 'conformance')
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

/** Scenario, with a fault after a plus → outcome. */
export const examples: Readonly<Record<string, Outcome>> = Object.fromEntries(
  files.map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Outcome]),
)

/** Each character of a hexadecimal text becomes the next one: other values, and equal ones stay equal. */
const shifted = (hex: string): string =>
  hex.replaceAll(/[0-9a-f]/g, (digit) => ((Number.parseInt(digit, 16) + 1) % 16).toString(16))

/** In order, on the text of the whole outcome. */
const changes: readonly (readonly [RegExp, string | ((found: string) => string)])[] = [
  [/157\.173\.210\.123/g, '192.0.2.1'],
  [/192\.168\.2\.80 is private[^"]*isolated\)/g, '192.0.2.80 beside 192.0.2.1'],
  [/192\.168\.2\.80/g, '192.0.2.80'],
  [/192\.168\.2\.81/g, '192.0.2.81'],
  [/(?<=a password of |node-password\.k3s of )\d{4}-/g, '1999-'],
  [/\d+(?= of its former files)/g, '77'],
  [/192\.168\.2\.1 \(\/run\/systemd\/resolve\/resolv\.conf\)/g, '192.0.2.1 (/etc/resolv.conf)'],
  [/via 192\.168\.2\.1"/g, 'via 192.0.2.254"'],
  [/Ubuntu 22\.04\.5 LTS/g, 'Debian GNU/Linux 12 (bookworm)'],
  [/\b63 GiB/g, '24 GiB'],
  [/6\.8\.0-60-generic/g, '6.1.0-39-amd64'],
  [/cgroup v2/g, 'cgroup v1'],
  [/"[\d.]+ GiB and \d+ inodes free"/g, '"18.0 GiB and 0 inodes free"'],
  [/pid 2143/g, 'pid 77'],
  [/SHA256:[A-Za-z0-9+/]{43}/g, (found) => `SHA256:${[...found.slice(7)].reverse().join('')}`],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, shifted],
  [/(?<=(host|kubeconfig): )[0-9a-f]{64}/g, shifted],
  [/(?<="|CA )[0-9a-f]{4}…[0-9a-f]{2}(?="| ✓)/g, shifted],
  [/\/tmp\/k3s-gpu-actions-embedded-\w+/g, '/lab/situation-1/runner'],
  [/\b60[01] s ahead/g, '602 s ahead'],
  [/("bytes": )\d+/g, '$11'],
  [/"startedAt": "[^"]+"/g, '"startedAt": "2027-01-01T00:00:00.000Z"'],
  [/("(?:durationMs|startedMs|endedMs|atMs)": )\d+/g, '$10'],
  [/ {2}\d\.\d s"/g, ' 14.2 s"'],
  [/" {5}0\.\d s {2}/g, '"    12.5 s  '],
  [/(?<=joined oceanid in |times in |heartbeat )[\d.]+ s/g, '2 min 05 s'],
  [/time=\\"[^"\\]+\\"/g, 'time=\\"2027-01-01T00:00:00Z\\"'],
  [/activating \(start\), 0 restarts"/g, 'activating (auto-restart), 0 restarts, result exit-code, exit status 1"'],
  [/yes, in \d+ ms/g, 'yes, in 112 ms'],
]

/** The Node's registration is heard of one moment later. */
function registeredLater<Element>(list: readonly Element[], textOf: (element: Element) => string): readonly Element[] {
  const at = list.findIndex((element) => textOf(element).endsWith('node registered'))
  const [registered, next] = [list[at], list[at + 1]]
  return registered === undefined || next === undefined ? list : list.toSpliced(at, 2, next, registered)
}

/** The agent was seen up before the unit was seen to end, where it had said so. */
function seenUp<Element>(
  list: readonly Element[],
  textOf: (element: Element) => string,
  up: (next: Element) => Element,
): readonly Element[] {
  const at = list.findIndex((element) => /unit activating .*node Ready=True/.test(textOf(element)))
  const next = list[at]
  return next === undefined ? list : list.toSpliced(at, 0, up(next))
}

/** The outcome with everything changed that the rules allow; also what real parts leave in the agent's folder. */
export function inTheLab(embedded: Outcome): Outcome {
  let text = JSON.stringify(embedded, null, 2)
  for (const [pattern, becomes] of changes) text = text.replaceAll(pattern, becomes as string)
  const outcome = JSON.parse(text) as Outcome
  const { treesChanged } = outcome
  const report = outcome.report && {
    ...outcome.report,
    milestones: seenUp(
      outcome.report.milestones,
      ({ text: words }) => words,
      (next) => ({ ...next, text: 'agent up' }),
    ),
  }
  const log = seenUp(
    outcome.log,
    (line) => (/^ +[\d.]+ s {2}/.test(line) ? line : ''),
    () => '     0.9 s  agent up',
  )
  const agent = '+ var/lib/rancher/k3s/agent/'
  const at = treesChanged.indexOf(agent)
  const more = [`${agent}a-real-kubelet`, `${agent}and-containerd`]
  return {
    ...outcome,
    report: report && { ...report, milestones: registeredLater(report.milestones, (milestone) => milestone.text) },
    log: registeredLater(log, (line) => line),
    treesChanged: at < 0 ? treesChanged : treesChanged.toSpliced(at + 1, 0, ...more),
  }
}
