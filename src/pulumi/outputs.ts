import { lineOf, type Redact } from './words.ts'

export interface StackOutputs {
  readonly outputs: Readonly<Record<string, string>>
  readonly secretOutputs: readonly string[]
}

export const noOutputs: StackOutputs = { outputs: {}, secretOutputs: [] }

/** More is not shown. */
const most = 100
/** What stands for a secret, also for one inside an object (pulumi/pulumi: pkg/backend/display/json.go MassageSecrets). */
const secret = '[secret]'

/** Reads what `pulumi stack output --json` prints. Undefined: that was no object in JSON. Texts as they are, the rest as JSON. */
export function readOutputs(json: string, redact: Redact): StackOutputs | undefined {
  const body = parsed(json)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const outputs: [string, string][] = []
  const secretOutputs: string[] = []
  for (const [given, value] of Object.entries(body).slice(0, most)) {
    const name = lineOf(given, redact, 100)
    if (name === '' || name === '__proto__') continue
    if (value === secret) secretOutputs.push(name)
    else outputs.push([name, lineOf(typeof value === 'string' ? value : JSON.stringify(value), redact, 2000)])
  }
  return { outputs: Object.fromEntries(outputs), secretOutputs }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
