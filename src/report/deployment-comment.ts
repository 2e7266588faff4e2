import { changesTable, countsInWords, deploymentIcon, diagnosticBlocks, updateLink } from './deployment.ts'
import { failureRows } from './failure-rows.ts'
import { cutMarkdown, escapeMarkdown, quotedLines, table } from './markdown.ts'
import type { Deployment, Report } from './model.ts'

/** GitHub takes 65,536 characters; what is more makes the whole request fail. */
const mostBytes = 60_000
const mostRows = 30
const mostDiagnostics = 10

/** What the job that comments knows by itself, from its own event and environment. */
export interface CommentOrigin {
  /** Address of the run; empty: unknown. */
  readonly runUrl: string
  /** Commit of the pull request that was looked at; empty: unknown. */
  readonly commit: string
  /** Address of that commit; empty: unknown. */
  readonly commitUrl: string
}

/**
 * Text that GitHub would make more of than text: `#12` and `GH-12` become links, and link back from there. A joiner breaks them;
 * mentions and addresses of pages are broken by `escapeMarkdown` already, those of mail here. An entity's own `#` is left.
 */
function quiet(markdown: string): string {
  return markdown
    .replace(/(?<!&)#(?=\d)/g, '#\u2060')
    .replace(/\bGH-(?=\d)|(?<=[\w.+-])@(?=\w)/gi, (word) => `${word}\u2060`)
}

/** One word of a marker: nothing in it can end the comment. */
function word(text: string): string {
  return encodeURIComponent(text.toWellFormed().slice(0, 300)).replace(
    /[-.!~*'()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
}

/** First line of the one comment about a stack of a cluster. */
export function commentMarker(cluster: string, stack: string): string {
  return `<!-- k3s-gpu-actions/deploy-stack cluster=${word(cluster)} stack=${word(stack)} -->`
}

/** When the run began whose words a comment holds, epoch milliseconds; undefined: it does not say. */
export function commentTime(body: string): number | undefined {
  const [, line = ''] = body.replaceAll('\r', '').split('\n', 2)
  const at = Date.parse(/^<!-- at ([0-9TZ:.-]{10,40}) -->$/.exec(line)?.[1] ?? '')
  return Number.isFinite(at) ? at : undefined
}

function originLine({ runUrl, commit, commitUrl }: CommentOrigin): string {
  const short = /^[0-9a-f]{40}$/.test(commit) ? commit.slice(0, 10) : ''
  const of = short === '' ? '' : commitUrl === '' ? `Commit ${short}` : `Commit [${short}](${commitUrl})`
  const run = runUrl === '' ? '' : `[the run](${runUrl}) has log, summary and report`
  return [of, run].filter((text) => text !== '').join(' · ')
}

function whole(lines: readonly string[]): string {
  return cutMarkdown(`${lines.filter((text) => text !== '').join('\n\n')}\n`, mostBytes)
}

function beginning(cluster: string, stack: string, at: string): string {
  const iso = new Date(Date.parse(at) || 0).toISOString()
  return `${commentMarker(cluster, stack)}\n<!-- at ${iso} -->`
}

/**
 * The comment on a pull request: verdict first, commit and run linked, then failure, changes and messages. Everything that Pulumi, the
 * program or the report says is text in it: no HTML, no mention, no link. Cut at the end of a line; the run has the rest.
 */
export function renderComment(report: Report, stack: string, origin: CommentOrigin): string {
  const { deployment, failure } = report
  const blocks: string[] = [
    beginning(report.cluster, stack, report.startedAt),
    quiet(`### ${deploymentIcon(report)} ${escapeMarkdown(report.headline)}`),
    originLine(origin),
    deployment ? quiet(sentence(deployment)) : '',
    failure ? quiet(table(['', 'failure'], failureRows(failure))) : '',
    failure && failure.evidence.length > 0 ? quotedLines(failure.evidence, 20) : '',
    deployment ? quietOutsideFences(diagnosticBlocks(deployment, mostDiagnostics)) : '',
    deployment ? quiet(changesTable(deployment, mostRows)) : '',
  ]
  return whole(blocks)
}

/** In a fence nothing is made of a text, and there it is to be as it came. */
function quietOutsideFences(markdown: string): string {
  let fence = ''
  return markdown
    .split('\n')
    .map((line) => {
      const ticks = /^`{3,}/.exec(line)?.[0] ?? ''
      if (fence === '') {
        fence = ticks
        return ticks === '' ? quiet(line) : line
      }
      if (line === fence) fence = ''
      return line
    })
    .join('\n')
}

function sentence(deployment: Deployment): string {
  const words = countsInWords(deployment)
  const page = updateLink(deployment)
  return [
    `Stack ${escapeMarkdown(deployment.stack)}: ${words === '' ? 'it did not get as far as a resource' : escapeMarkdown(words)}`,
    ...(deployment.isComplete ? [] : ['cut off before its end']),
    ...(page === '' ? [] : [`[at Pulumi](${page.slice(1, -1)})`].filter(() => page.startsWith('<'))),
  ].join(' · ')
}

/** In place of a report that is not there, or is none: what stands there from an earlier run would no longer be true. */
export function renderMissing(cluster: string, stack: string, at: string, why: string, origin: CommentOrigin): string {
  return whole([
    beginning(cluster, stack, at),
    '### ❌ No preview of this commit',
    originLine(origin),
    quiet(`The job that looks at the stack left no report: ${escapeMarkdown(why)}. What it said is in its log.`),
  ])
}
