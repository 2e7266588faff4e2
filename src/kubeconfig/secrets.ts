import { stringify } from 'yaml'
import { quote } from '../cluster-file/index.ts'
import type { Mapping } from './document.ts'
import { isMapping } from './document.ts'
import type { Credentials } from './model.ts'
import { execVariables } from './policy.ts'

interface Leaf {
  /** For people: what it is, never what it says. */
  readonly what: string
  readonly values: readonly string[]
  /** Nobody expects it to be secret: not masking it needs no words. */
  readonly isIncidental?: boolean
}

export interface Leaves {
  readonly secrets: readonly string[]
  readonly remarks: readonly string[]
}

/** The runner masks every occurrence: what is shorter shreds logs, and outputs that contain it are dropped (actions/runner, JobExtension.cs). */
const shortest = 8
/** The end of a PEM block may be a few letters long. */
const shortestPemLine = 16
/** As kubectl and Go print them; a value that is part of one would blank half of every log. */
const everyday =
  'apiVersion: v1 kind: Config clusters: contexts: users: current-context: preferences: {} cluster: context: user: namespace: default name: default - name: default kubernetes-admin kubernetes localhost password username certificate'

/** Of private keys alone: the EC PARAMETERS that OpenSSL writes before one are the same in every key of the curve. */
function pemLines(pem: string): string[] {
  const keys = pem.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]*?)-----END/g)
  return [...keys].flatMap(([, body = '']) => linesOf(body)).filter((line) => line.length >= shortestPemLine)
}

function linesOf(text: string): string[] {
  return text.split(/[\r\n]+/).flatMap((line) => line.trim() || [])
}

const secretName = /token|secret|passw|credential|api-?key|private-?key|access-?key/i

/** Values of `--client-secret X` and `--client-secret=X`. */
function secretArguments(exec: unknown): string[] {
  const args = isMapping(exec) && Array.isArray(exec.args) ? exec.args.map(String) : []
  return args.flatMap((arg, index) => {
    const [, flag = '', value] = /^--?([A-Za-z0-9_-]+)(?:=(.*))?$/s.exec(arg) ?? []
    if (!secretName.test(flag)) return []
    const given = value ?? args[index + 1] ?? ''
    return value === undefined && given.startsWith('-') ? [] : linesOf(given)
  })
}

function leavesOf(user: Mapping, credentials: Credentials): Leaf[] {
  const text = (key: string): string => (typeof user[key] === 'string' ? user[key] : '')
  return [
    { what: 'token', values: linesOf(text('token')) },
    { what: 'password', values: linesOf(text('password')) },
    { what: 'client-key-data', values: linesOf(text('client-key-data')) },
    {
      what: 'private key',
      values: credentials.kind === 'client-certificate' ? pemLines(credentials.keyPem) : [],
    },
    ...execVariables(user.exec).map(({ name, value }) => ({
      what: `value of ${quote(name)} in exec`,
      values: linesOf(value),
      isIncidental: !secretName.test(name),
    })),
    { what: 'secret argument of exec', values: secretArguments(user.exec) },
  ]
}

/** All that is no secret of what is written, in the forms in which it shows up in logs. */
function publicText(content: unknown, user: Mapping, pems: readonly string[]): string {
  const hidden = new Set<unknown>([user.token, user.password, user['client-key-data'], user.exec])
  const isHidden = (value: unknown): boolean => value !== undefined && value !== '' && hidden.has(value)
  const visible: unknown = JSON.parse(JSON.stringify(content, (_, value: unknown) => (isHidden(value) ? null : value)))
  return [stringify(visible), JSON.stringify(visible), everyday, ...pems].join('\n').toLowerCase()
}

/**
 * What must be masked of one user entry, as single lines; each is at least 8 characters long and part of nothing that is public.
 * Whole documents and multi-line texts are never among them: the runner masks each of their lines, `users:` and `apiVersion: v1`, too
 * (actions/runner, ActionCommandManager.cs, AddMaskCommandExtension).
 */
export function secretLeaves(written: {
  /** The kubeconfig with one context, as data. */
  readonly content: unknown
  readonly user: Mapping
  readonly userName: string
  readonly credentials: Credentials
  readonly caPem: string
}): Leaves {
  const { credentials } = written
  const certificate = credentials.kind === 'client-certificate' ? [credentials.certificatePem] : []
  const visible = publicText(written.content, written.user, [written.caPem, ...certificate])
  const secrets = new Set<string>()
  const remarks = new Set<string>()
  for (const { what, values, isIncidental } of leavesOf(written.user, credentials)) {
    for (const value of values) {
      const isShort = value.length < shortest
      if (!isShort && !visible.includes(value.toLowerCase())) {
        secrets.add(value)
        continue
      }
      // The last line of a folded key is short and says little; the lines before it are masked.
      if (isIncidental || (isShort && values.length > 1)) continue
      const why = isShort
        ? `it is shorter than ${shortest} characters`
        : 'the same text is public elsewhere in the kubeconfig'
      remarks.add(`the ${what} of user ${quote(written.userName)} cannot be masked in logs: ${why}`)
    }
  }
  return { secrets: [...secrets], remarks: [...remarks] }
}
