/** A stand-in for the npm package @pulumi/pulumi, as far as a small program needs it. */
import { marked, type Output, output as outputOf, resolved } from './output.ts'
import { RunError } from './run-error.ts'
import { session } from './session.ts'

export const getOrganization = (): string => session().context.organization
export const getProject = (): string => session().context.project
export const getStack = (): string => session().context.stack

export const runtime = { isDryRun: (): boolean => session().context.isDryRun }

export const output = (value: unknown): Output => outputOf(value)
export const secret = (value: unknown): Output => outputOf(value, true)
export const all = (values: readonly unknown[]): Output => outputOf([...values])

export function interpolate(texts: TemplateStringsArray, ...values: readonly unknown[]): Output {
  const parts = values.map(resolved)
  return outputOf(
    texts.reduce((sum, text, index) => `${sum}${text}${index < parts.length ? String(parts[index]?.value) : ''}`, ''),
    parts.some(({ isSecret }) => isSecret),
  )
}

/** Its error says what to type (sdk/nodejs/errors.ts, config.ts: ConfigMissingError). */
export class Config {
  readonly #name: string

  constructor(name?: string) {
    this.#name = name ?? getProject()
  }

  get(key: string): string | undefined {
    return session().context.config[`${this.#name}:${key}`]?.value
  }

  require(key: string, flag = ''): string {
    const value = this.get(key)
    if (value === undefined)
      throw new RunError(
        `Missing required configuration variable '${this.#name}:${key}'\n\tplease set a value using the command \`pulumi config set ${flag}${this.#name}:${key} <value>\``,
      )
    return value
  }

  requireSecret(key: string): Output {
    return secret(this.require(key, '--secret '))
  }

  getSecret(key: string): Output | undefined {
    const value = this.get(key)
    return value === undefined ? undefined : secret(value)
  }
}

/** Every resource: what it was given can be read of it. */
export class CustomResource {
  constructor(type: string, name: string, inputs: Readonly<Record<string, unknown>> = {}) {
    session().resources.push({ type, name, inputs: marked(inputs) as Readonly<Record<string, unknown>> })
    for (const [key, value] of Object.entries(inputs)) Object.assign(this, { [key]: outputOf(value) })
    Object.assign(this, { id: outputOf(name) })
  }
}
export class ComponentResource extends CustomResource {}
