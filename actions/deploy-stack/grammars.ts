import { type Complaint, type Grammar, withNearest } from '../../src/cluster-file/index.ts'
import { isReserved } from './reserved.ts'

export const packageManagers = ['npm', 'pnpm', 'yarn'] as const
export type PackageManager = (typeof packageManagers)[number]

function matching(form: RegExp, longest: number, complaint: Complaint): Grammar {
  return (text) => (text.length <= longest && form.test(text) ? undefined : complaint)
}

/** Letters, digits and `-_.`, as Pulumi Cloud names organizations, projects and stacks; a name of dots alone would be a folder. */
const part = /^(?!\.+$)[A-Za-z0-9_.-]{1,100}$/

/** `organization/project/stack`: all three, because a short name means another stack for every token. */
export const stackName: Grammar = (text) => {
  const parts = text.split('/')
  if (parts.length === 3 && parts.every((one) => part.test(one))) return undefined
  const problem = parts.length < 3 ? 'does not name organization, project and stack' : 'has the wrong form'
  return { problem, allowed: 'organization/project/stack, e.g. ryan-taylor/oceanid-cluster/prod' }
}

/** A folder below the workspace. */
export const folder: Grammar = (text) => {
  const isBelow = !/^[/~\\]/.test(text) && !text.split(/[/\\]/).includes('..')
  if (isBelow) return undefined
  return { problem: 'does not stay below the workspace', allowed: 'a folder of the repository, e.g. cluster' }
}

export const digest: Grammar = matching(/^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/, 95, {
  problem: 'is no SHA-256',
  allowed: '64 hexadecimal digits, as the output ca-sha256 of kubeconfig-esc prints them',
})

export const uid: Grammar = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 36, {
  problem: 'is no UID',
  allowed: 'what `kubectl get namespace kube-system -o jsonpath={.metadata.uid}` prints',
})

/** Whole and without a sign, as GitHub counts. */
export const pullRequestNumber: Grammar = (text) => {
  if (/^[1-9]\d{0,8}$/.test(text)) return undefined
  const guess = /^#([1-9]\d{0,8})$/.exec(text)?.[1]
  return { problem: 'is no number of a pull request', allowed: 'a number, e.g. 17', ...withNearest(guess) }
}

/** Name of a variable that may be handed on to the program. */
export const variableName: Grammar = (text) => {
  const allowed = 'names of environment variables, e.g. CLOUDFLARE_ACCOUNT_ID'
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(text)) return { problem: 'is no name of a variable', allowed }
  const why = isReserved(text)
  return why === undefined ? undefined : { problem: why, allowed }
}
