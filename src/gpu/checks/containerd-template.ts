import { passed } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { analyseTemplates, isToBeMoved, type TemplateAnalysis, type TemplateEffect } from '../containerd/index.ts'
import type { GpuSituation, HostStep } from '../model.ts'

const id = 'gpu.containerd-template'
const question = 'Does a containerd template take away what k3s sets itself?'
const mostLines = 40

/** `plugins."io.containerd.cri.v1.runtime".cni.conf_dir = /var/… : pods get no network` */
function line({ key, ownValue, value, breaks }: TemplateEffect): string {
  return value === undefined
    ? `removes ${key} (${ownValue}): ${breaks}`
    : `sets ${key} to ${value} instead of ${ownValue}: ${breaks}`
}

function linesOf(one: TemplateAnalysis): readonly string[] {
  const essential = (a: TemplateEffect, b: TemplateEffect) => Number(b.isEssential) - Number(a.isEssential)
  return [
    `${one.path}:`,
    ...(one.problem ? [`cannot be read: ${one.problem}`] : []),
    ...one.duplicates.map((table) => `writes ${table} once more`),
    ...[...one.removes].sort(essential).map(line),
    ...one.changes.map(line),
    ...one.ignored.map((table) => `${table} has no effect: containerd 2 drops it without an error`),
  ]
}

/** What the node loses, each thing once, the worst first; the evidence has all of it. */
function lossesOf(one: TemplateAnalysis): string {
  const effects = [...one.removes, ...one.changes].filter(({ isEssential }) => isEssential)
  const losses = [...new Set(effects.map(({ breaks }) => breaks))]
  const rest = losses.length - 2
  return [...losses.slice(0, 2), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}

function foundOf(one: TemplateAnalysis): string {
  if (one.verdict === 'duplicates')
    return `${one.path} writes ${one.duplicates.join(', ')} once more: containerd does not start`
  if (one.problem !== undefined) return `${one.path} cannot be read: ${one.problem}`
  const { length } = one.removes
  const changed = one.changes.filter(({ isEssential }) => isEssential).map(({ key }) => key)
  const what = [
    ...(length > 0 ? [`removes ${length} ${length === 1 ? 'key' : 'keys'} of k3s's own configuration`] : []),
    ...(changed.length > 0 ? [`changes ${changed.join(', ')}`] : []),
  ]
  // Which ones is told by the evidence, one a line: a heading of eleven dotted names is read by nobody.
  return `${one.path} ${what.join(' and ')}`
}

/** A template that harms is told with everything that it removes; what extends k3s's own text is the owner's business. */
export function templateCheck({ gpu }: GpuSituation, steps: readonly HostStep[]): Check {
  const templates = analyseTemplates(gpu, steps)
  const [first] = templates
  if (!first) return passed(id, question, 'there is none: k3s writes the configuration itself')
  const evidence = templates.flatMap(linesOf)
  const shown =
    evidence.length > mostLines
      ? [...evidence.slice(0, mostLines), `and ${evidence.length - mostLines} more`]
      : evidence
  const harmful = templates.find(isToBeMoved)
  if (harmful) {
    const isMoved = steps.includes('quarantine-template')
    const isShadowed = harmful !== first
    return {
      id,
      verdict: isMoved ? 'warn' : 'fail',
      question,
      found: `${foundOf(harmful)}${isShadowed ? `; k3s takes ${first.path} now, and this one if that goes` : ''}`,
      cause:
        harmful.verdict === 'duplicates'
          ? 'it extends k3s’s own text and repeats a table that stands in it, which TOML forbids'
          : harmful.problem === undefined
            ? `${harmful.hasBase ? '' : 'without {{ template "base" . }} it replaces the whole configuration: '}${lossesOf(harmful)}`
            : 'k3s renders containerd’s configuration from it, and one of both stops there',
      remedy: isMoved
        ? 'nothing to do: the plan moves it aside; it comes back if k3s does not'
        : harmful.verdict === 'duplicates'
          ? 'take the repeated table out of it, or give quarantine-template: true; k3s needs no template for GPUs'
          : 'give quarantine-template: true to have it moved aside (and back if k3s does not come up); k3s needs no template for GPUs',
      evidence: shown,
    }
  }
  const unknown = templates.find(({ verdict }) => verdict === 'unknown')
  return {
    id,
    verdict: 'warn',
    question,
    found: unknown
      ? `${unknown.path} is too long to be judged`
      : `${first.path} ${first.hasBase ? 'extends k3s’s own configuration' : 'replaces it, and leaves nothing out that the node needs today'}`,
    cause: first.hasBase
      ? 'what it adds is not checked against releases of k3s to come'
      : 'a copy ages: what a newer k3s sets is missing in it',
    remedy: first.hasBase
      ? 'none needed; k3s needs no template for GPUs'
      : 'replace it by {{ template "base" . }} and what you add to it, or move it away',
    evidence: shown,
  }
}
