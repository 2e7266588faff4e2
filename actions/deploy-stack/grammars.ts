import { type Complaint, type Grammar, withNearest } from '../../src/cluster-file/index.ts'
import { isReserved } from './reserved.ts'

export const packageManagers = ['npm', 'pnpm', 'yarn'] as const
export type PackageManager = (typeof packageManagers)[number]

function matching(form: RegExp, longest: number, complaint: Complaint): Grammar {
  return (text) => (text.length <= longest && form.test(text) ? undefined : complaint)
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
