import type { Problem } from '../../src/cluster-file/index.ts'
import type { Values } from './inputs.ts'

/** Secrets, and the commands that need them: no other step has them in reach. */
const secrets = {
  'access-token': ['preview', 'up', 'drift'],
  'config-passphrase': ['preview', 'up', 'drift'],
  'github-token': ['comment'],
} as const

/** Inputs that say nothing for another command. */
const ofOneKind = {
  'from-report': ['comment'],
  'pull-request': ['comment'],
  'pass-environment': ['preview', 'up', 'drift'],
} as const

function misplaced(values: Values): readonly Problem[] {
  const { command } = values
  if (command === undefined) return []
  return Object.entries({ ...secrets, ...ofOneKind })
    .filter(
      ([input, commands]) => values[input as keyof Values] !== undefined && !commands.some((one) => one === command),
    )
    .map(([input, commands]) => ({
      input,
      problem: `is given, but ${command} needs none`,
      allowed: `leave it out; it is for ${commands.join(', ')}`,
    }))
}

/** Pulumi needs its token for ending an update, too. */
const toEndMs = 5 * 60_000

/** What each input says by itself is well, and together it makes no sense. */
export function contradictions(values: Values): readonly Problem[] {
  const problems: Problem[] = [...misplaced(values)]
  const { command } = values
  if (command === 'comment') {
    if (values['from-report'] === undefined)
      problems.push({
        input: 'from-report',
        problem: 'is missing',
        allowed: 'the path of the report.json of preview, up or drift, from the artifact of the job that ran it',
      })
    if (values['github-token'] === undefined && !values['dry-run'])
      problems.push({
        input: 'github-token',
        problem: 'is missing',
        allowed: '${{ github.token }} of a job with `pull-requests: write`',
      })
  }
  const runsPulumi = command === 'preview' || command === 'up' || command === 'drift'
  const { expiration, timeout } = values
  if (runsPulumi && values['access-token'] === undefined && expiration !== undefined && timeout !== undefined) {
    if (expiration < timeout + toEndMs)
      problems.push({
        input: 'expiration',
        problem: 'ends before timeout does: a long update would lose its token, and could not end in good order',
        allowed: 'a duration that is at least 5 min longer than timeout',
      })
  }
  return problems
}
