import { ClusterError, quoteRemote } from '../kubernetes/index.ts'
import type { Check } from '../report/index.ts'
import { manifestFor, rightInWords, verifyManifest } from './access.ts'
import type { Finding, SeverityRule } from './model.ts'
import { BlockedError } from './without-api.ts'

const mostSubjects = 5
const mostEvidence = 20
const longestFound = 200

type Weight = Finding['verdict'] | 'skip'

const weights: Readonly<Record<Weight, number>> = { skip: 0, warn: 1, fail: 2 }

/** Whether a rule's `check` means this id: the id itself, or its beginning and a `*`. */
export function isMeant(rule: string, id: string): boolean {
  return rule.endsWith('*') ? id.startsWith(rule.slice(0, -1)) : rule === id
}

/** What a finding weighs after the cluster file's rules: the mildest that is said about it. */
function weigh(id: string, finding: Finding, severities: readonly SeverityRule[]): Weight {
  return severities
    .filter((rule) => isMeant(rule.check, id) && (rule.namespace === '' || rule.namespace === finding.namespace))
    .map(({ atMost }): Weight => atMost)
    .reduce<Weight>((least, atMost) => (weights[atMost] < weights[least] ? atMost : least), finding.verdict)
}

const short = (text: string): string => {
  const line = quoteRemote(text)
  return line.length > longestFound ? `${line.slice(0, longestFound - 1)}…` : line
}

/** `a, b, c, d, e and 2 more`. Remote text: bounded, one line. */
export function nameSome(subjects: readonly string[], most = mostSubjects): string {
  const named = subjects.slice(0, most).map((subject) => quoteRemote(subject).slice(0, 100))
  const left = subjects.length - named.length
  return `${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

/** What was found, alike things together: `Ready is Unknown: a, b and 7 more`. */
function inWords(findings: readonly Finding[]): string {
  const alike = Map.groupBy(findings, ({ found }) => short(found))
  const sentences = [...alike].map(([found, some]) =>
    some.length === 1
      ? `${short(some[0]?.subject ?? '')}: ${found}`
      : `${found}: ${nameSome(some.map(({ subject }) => subject))}`,
  )
  const left = sentences.length - mostSubjects
  return `${sentences.slice(0, mostSubjects).join('; ')}${left > 0 ? `; and ${left} more` : ''}`
}

const place = ({ namespace, subject }: Finding): string => `${namespace}/${subject}`

/**
 * One check of many findings. Rules of the cluster file lower what they name; the worst that is left is the verdict, its cause and remedy
 * are those of the first such finding. `passed` is said when nothing was found; `lead` begins the sentence when something was, e.g.
 * `997 of 1000 nodes are Ready`. What `skip` sets aside is still said: with nothing else left, the check is a skip and no pass.
 */
export function gather(
  id: string,
  question: string,
  findings: readonly Finding[],
  passed: string,
  severities: readonly SeverityRule[],
  lead = '',
): Check {
  const weighed = findings
    .map((finding) => ({ finding, weight: weigh(id, finding, severities) }))
    .sort((a, b) => weights[b.weight] - weights[a.weight] || (place(a.finding) < place(b.finding) ? -1 : 1))
  const [worst] = weighed
  if (worst === undefined) return { id, verdict: 'pass', question, found: passed }
  const counted = weighed.filter(({ weight }) => weight !== 'skip').map(({ finding }) => finding)
  const aside = weighed.filter(({ weight }) => weight === 'skip').map(({ finding }) => finding)
  const isLowered = weighed.some(({ finding, weight }) => weight !== finding.verdict)
  const found = [
    lead,
    counted.length === 0 ? '' : inWords(counted),
    aside.length === 0 ? '' : `not counted: ${inWords(aside)}`,
    isLowered ? 'severity lowered in the cluster file' : '',
  ]
  const evidence = weighed.flatMap(({ finding }) =>
    (finding.evidence ?? []).map((line) => `${quoteRemote(finding.subject)}: ${quoteRemote(line)}`),
  )
  const { cause, remedy } = worst.finding
  return {
    id,
    verdict: worst.weight,
    question,
    found: found.filter((part) => part !== '').join('; '),
    ...(cause === undefined ? {} : { cause: quoteRemote(cause) }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(evidence.length === 0 ? {} : { evidence: bounded(evidence) }),
  }
}

function bounded(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostEvidence) return lines
  return [...lines.slice(0, mostEvidence - 1), `and ${lines.length - mostEvidence + 1} more lines`]
}

/** A check that is not asked, because one that it builds on failed. */
export function blocked(id: string, by: string, question: string): Check {
  return { id, verdict: 'skip', question, found: `blocked by ${by}` }
}

/** A check that has nothing to ask about, e.g. `this cluster has no Flux`. */
export function skipped(id: string, question: string, why: string): Check {
  return { id, verdict: 'skip', question, found: why }
}

/**
 * The check for a question that one call did not answer. One that the kubeconfig's user may not ask is a `skip`: `api.rights` says so as
 * a whole. Any other fault of the API is an `error` of this check alone, so that what other calls answered stays said. Everything else
 * is thrown again: a cancelled run, and our own mistakes.
 */
export function unanswered(id: string, question: string, error: unknown): Check {
  if (!(error instanceof ClusterError)) throw error
  if (error instanceof BlockedError) return blocked(id, error.by, question)
  const { message, cause, remedy, evidence, access } = error
  if (error.code !== 'forbidden')
    return { id, verdict: 'error', question, found: `could not be asked: ${message}`, cause, remedy, evidence }
  const right =
    access === undefined ? message.replace(/^the user of the kubeconfig may not /, '') : rightInWords(access)
  return {
    id,
    verdict: 'skip',
    question,
    found: `may not be asked: ${right}`,
    remedy: `kubectl apply -f ${access === undefined ? verifyManifest : manifestFor(access)} (as an administrator)`,
    evidence,
  }
}
