/** Whether a press with hostile text around it did nothing but its work, as GitHub's runner and a reader of the summary would see it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { marker, stdoutProblems, summaryProblems } from './hostile.ts'
import type { Done } from './kubeconfig-esc-door.ts'

const action = parse(readFileSync(join(repositoryRoot, 'actions/kubeconfig-esc/action.yml'), 'utf8')) as {
  readonly outputs: object
}
const outputs = new Set(Object.keys(action.outputs))
const forms: Readonly<Record<string, RegExp>> = {
  result: /^(?:loaded|checked|failed)$/,
  'failure-code': /^[a-z0-9-]*$/,
  'cluster-uid': /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/,
  'ca-sha256': /^[0-9a-f]{64}$/,
  revision: /^\d*$/,
  reachable: /^(?:true|false)?$/,
  'days-left': /^-?\d*$/,
}

/** Its report was held against the schema already. */
export function problemsOf(done: Done): readonly string[] {
  const named = (names: readonly string[], isKnown: (name: string) => boolean, what: string): string[] =>
    names.filter((name) => !isKnown(name)).map((name) => `${what} that is not ours: ${name}`)
  return [
    ...stdoutProblems(done.stdout),
    ...(done.stderr === '' ? [] : [`standard error: ${done.stderr.slice(0, 200)}`]),
    ...named(Object.keys(done.outputs), (name) => outputs.has(name), 'an output'),
    ...named(Object.keys(done.state), (name) => name === 'slug' || name === 'nonce', 'a state'),
    ...named(Object.keys(done.exported), (name) => name === 'KUBECONFIG', 'a variable'),
    ...Object.entries({ ...done.outputs, ...done.state, ...done.exported })
      .filter(([name, value]) => value.includes(marker) || forms[name]?.test(value) === false)
      .map(([name, value]) => `${name} holds what a stranger wrote: ${value.slice(0, 200)}`),
    ...summaryProblems(done.summary).map((problem) => `summary, ${problem}`),
  ]
}
