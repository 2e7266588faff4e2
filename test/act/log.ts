/** What act says of a run (`--json`), read as what ran and how it ended. Pure. Steps that were skipped it says only under --verbose. */

export interface ActStep {
  /** As a person sees it. */
  readonly name: string
  readonly stage: 'Pre' | 'Main' | 'Post'
  readonly outcome: string
}

export interface ActJob {
  /** As GITHUB_JOB has it. */
  readonly id: string
  readonly conclusion: string
  /** In the order of their ends. */
  readonly steps: readonly ActStep[]
  /** Name of a step that has an id → its outputs. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Markdown of its steps, in order. */
  readonly summary: string
}

interface Entry {
  readonly msg?: string
  readonly jobID?: string
  readonly jobResult?: string
  readonly stage?: ActStep['stage']
  readonly step?: string
  readonly stepID?: readonly string[]
  readonly stepResult?: string
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
}

/** Lines that are no JSON are what act says of itself. */
function entriesOf(log: string): readonly Entry[] {
  return log.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return []
    try {
      return [JSON.parse(line) as Entry]
    } catch {
      return []
    }
  })
}

interface Growing {
  conclusion: string
  readonly steps: ActStep[]
  readonly outputs: Record<string, Record<string, string>>
  summary: string
}

/** Jobs in the order in which they began. One that has no end says `unfinished`. */
export function readActLog(log: string): readonly ActJob[] {
  const jobs = new Map<string, Growing>()
  for (const {
    jobID,
    jobResult,
    stage,
    step = '',
    stepID,
    stepResult,
    command,
    name,
    arg = '',
    content = '',
  } of entriesOf(log)) {
    if (jobID === undefined || (jobResult === undefined && stage === undefined)) continue
    const job: Growing = jobs.get(jobID) ?? { conclusion: 'unfinished', steps: [], outputs: {}, summary: '' }
    jobs.set(jobID, job)
    if (jobResult !== undefined) job.conclusion = jobResult
    if (stage !== undefined && stepResult !== undefined) job.steps.push({ name: step, stage, outcome: stepResult })
    if (command === 'summary') job.summary += `${content}\n`
    // A step without an id has its number for one, and nobody can read its outputs.
    if (command === 'set-output' && name !== undefined && !/^\d+$/.test(stepID?.[0] ?? '')) {
      job.outputs[step] ??= {}
      job.outputs[step][name] = arg
    }
  }
  return [...jobs].map(([id, job]) => ({ id, ...job }))
}

/**
 * What a person could read of the log. act prints the values of `add-mask` beside its message in `arg` and `raw`, which no terminal shows;
 * everything else counts, summaries and outputs among it.
 */
export function shownBy(log: string): string {
  return log
    .split('\n')
    .map((line) => {
      if (!line.startsWith('{')) return line
      const entry = JSON.parse(line) as Entry & { raw?: string }
      if (entry.command !== 'add-mask') return JSON.stringify(entry)
      const { arg: _arg, raw: _raw, ...rest } = entry
      return JSON.stringify(rest)
    })
    .join('\n')
}
