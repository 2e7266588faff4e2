import type * as Core from '@actions/core'
import { downloadPort, toolCachePort } from './downloads.ts'
import { cancelled } from './errors.ts'
import { execPort } from './exec.ts'
import { httpPort } from './http.ts'
import { idTokenPort } from './id-token.ts'
import { maskForms } from './masks.ts'
import type { Runner } from './model.ts'
import { neutraliseLines, neutraliseTitle } from './neutralise.ts'
import { redactText } from './redact.ts'
import { releasesPort } from './releases.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** GitHub shows ten annotations of a kind for a step, and drops the rest without a word. */
const mostAnnotations = 10

/** How a run came to be, in words; other events by their own name. */
const startedBy: Readonly<Record<string, string>> = {
  workflow_dispatch: 'by the button',
  schedule: 'by the clock',
  push: 'by a push',
  pull_request: 'by a pull request',
  repository_dispatch: 'by an API call',
  workflow_run: 'by another workflow',
  release: 'by a release',
}

/** `run 41 · started by the button`, `run 41, attempt 2 · started by the clock`; empty outside a workflow. */
export function runLabelOf(environment: Environment): string {
  const number = environment.GITHUB_RUN_NUMBER
  if (!number) return ''
  const attempt = Number(environment.GITHUB_RUN_ATTEMPT ?? '1')
  const event = environment.GITHUB_EVENT_NAME ?? ''
  const how = event === '' ? '' : ` · started ${startedBy[event] ?? `by ${event}`}`
  return neutraliseTitle(`run ${number}${attempt > 1 ? `, attempt ${attempt}` : ''}${how}`)
}

/** What rooms may read of the environment: neither inputs nor state nor the job's own credentials. */
export function publicEnvironment(environment: Environment): Record<string, string> {
  const isPrivate = /^(INPUT_|STATE_|ACTIONS_.*(TOKEN|URL)$|GITHUB_TOKEN$|GH_TOKEN$)/
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !isPrivate.test(entry[0]),
    ),
  )
}

/** Deletes an input from the environment after it was read, so that no child process and no later code finds it there. */
export function forgetInput(name: string, environment: Record<string, string | undefined> = process.env): void {
  delete environment[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]
}

/**
 * Whether later steps can be given this. A line break in a value would be theirs to interpret; the names of the runner itself and
 * those that make programs load code are nobody's to set from here (the runner refuses NODE_OPTIONS as well).
 */
function isExportable(name: string, value: string): boolean {
  return (
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) &&
    !/^(GITHUB_|RUNNER_|ACTIONS_|INPUT_|STATE_|LD_|DYLD_)|^(NODE_OPTIONS|PATH|BASH_ENV|ENV|CI)$/i.test(name) &&
    !/\p{Cc}|[\u2028\u2029]/u.test(value)
  )
}

/** SIGINT is how GitHub cancels a step; 7.5 s later comes SIGTERM, 2.5 s later the end. The signal says which came first. */
export function cancelSignal(source: Pick<NodeJS.Process, 'on'>): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Stays installed: a second signal must not end the process while the first one's cleaning up is under way.
    source.on(name, () => controller.abort(cancelled(name)))
  }
  return controller.signal
}

/** Assembles the Runner from @actions/core and the ports. */
export function githubRunner(core: typeof Core, environment: Environment, signal: AbortSignal): Runner {
  const masked = new Set<string>()
  const redact = (text: string) => redactText(text, masked)
  // Before and after: a secret may be cut by the one, and show only after the other has taken out what has no width.
  const safeLines = (text: string) => neutraliseLines(redact(text)).map(redact)
  const safeTitle = (text: string) => redact(neutraliseTitle(redact(text)))
  /** GitHub cuts annotations at 4096 characters; core escapes line breaks and `%`. */
  const annotation = (message: string) => safeLines(message).join('\n').slice(0, 4000)
  const mask = (secret: string) => {
    for (const form of maskForms(secret)) {
      if (masked.has(form)) continue
      masked.add(form)
      core.setSecret(form)
    }
  }
  let annotations = 0
  /** What is beyond the number that GitHub shows of one step is said in the log, where nothing is dropped. */
  const annotate = (issue: typeof Core.error, title: string, message: string): void => {
    annotations += 1
    if (annotations <= mostAnnotations) issue(annotation(message), { title: safeTitle(title) })
    else for (const line of safeLines(`${title}: ${message}`)) core.info(line)
  }
  // Read now: doors delete secret inputs once they have read them.
  const githubToken = core.getInput('github-token')
  mask(githubToken)
  const temporaryDirectory = environment.RUNNER_TEMP || '/tmp'
  const http = httpPort(environment)
  const line = (text = '') => {
    for (const safe of safeLines(text)) core.info(safe)
  }

  return {
    input: (name) => core.getInput(name),
    workspace: environment.GITHUB_WORKSPACE || process.cwd(),
    temporaryDirectory,
    environment: publicEnvironment(environment),
    signal,
    runLabel: runLabelOf(environment),
    isDebug: core.isDebug(),
    mask,
    redact,
    output: (name, value) => core.setOutput(name, value),
    exportVariable(name, value) {
      if (!isExportable(name, value)) throw new Error(`${neutraliseTitle(name)} is no variable to export`)
      core.exportVariable(name, value)
    },
    saveState: (name, value) => core.saveState(name, value),
    state: (name) => core.getState(name),
    line,
    debug(text) {
      for (const line of safeLines(text)) core.debug(line)
    },
    details(title, lines) {
      core.startGroup(safeTitle(title))
      for (const text of lines) for (const line of safeLines(text)) core.info(line)
      core.endGroup()
    },
    errorAnnotation(title, message) {
      annotate(core.error, title, message)
    },
    warningAnnotation(title, message) {
      annotate(core.warning, title, message)
    },
    async summary(markdown) {
      // Outside a workflow there is nowhere to write it; a summary that cannot be written must not turn a good run bad.
      if (!environment.GITHUB_STEP_SUMMARY) return
      try {
        await core.summary.addRaw(markdown, !markdown.endsWith('\n')).write()
      } catch (error) {
        core.warning(annotation(error instanceof Error ? error.message : String(error)), {
          title: 'The summary could not be written',
        })
      }
    },
    exec: execPort(signal),
    http,
    idToken: idTokenPort({ environment, http, mask, signal, onEvent: line }),
    releases: releasesPort(() => githubToken),
    download: downloadPort(temporaryDirectory),
    toolCache: toolCachePort(environment.RUNNER_TOOL_CACHE ?? ''),
  }
}
