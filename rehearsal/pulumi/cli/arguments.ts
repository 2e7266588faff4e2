/** Commands and flags of the CLI, as far as the rehearsal knows them: pkg/cmd/pulumi/operations/{preview,up}.go, pulumi.go (v3.259.0). */
import { parseArgs } from 'node:util'
import { Stop } from './stop.ts'

export type Command = 'version' | 'preview' | 'up' | 'stack output' | 'cancel' | 'whoami'

export interface Arguments {
  readonly command: Command
  readonly flags: Readonly<Record<string, string | boolean>>
}

const flag = { type: 'boolean' } as const
const text = { type: 'string' } as const

const everywhere = {
  cwd: { ...text, short: 'C' },
  color: text,
  emoji: { ...flag, short: 'e' },
  'non-interactive': flag,
  'disable-integrity-checking': flag,
  logtostderr: flag,
  logflow: flag,
  verbose: { ...text, short: 'v' },
  help: { ...flag, short: 'h' },
}
const stack = { stack: { ...text, short: 's' } }
const update = {
  ...stack,
  message: { ...text, short: 'm' },
  'expect-no-changes': flag,
  'run-program': flag,
  diff: flag,
  json: { ...flag, short: 'j' },
  'suppress-outputs': flag,
  'suppress-progress': flag,
  'show-replacement-steps': flag,
  'show-sames': flag,
  'show-full-output': flag,
  'skip-config-validation': flag,
  'skip-plugin-pre-install': flag,
  parallel: { ...text, short: 'p' },
  'config-file': text,
  'exec-kind': text,
  'exec-agent': text,
}
const flagsOf = {
  version: {},
  whoami: {},
  cancel: { ...stack, yes: { ...flag, short: 'y' } },
  'stack output': { ...stack, json: { ...flag, short: 'j' }, shell: flag, 'show-secrets': flag },
  preview: { ...update, 'save-plan': text, 'show-secrets': flag },
  up: {
    ...update,
    plan: text,
    strict: flag,
    yes: { ...flag, short: 'y' },
    'skip-preview': { ...flag, short: 'f' },
    'continue-on-error': flag,
    'show-secrets': flag,
  },
} as const

/** The first word that is a command; flags may stand before it. */
function commandOf(given: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  const index = given.findIndex((word) => word === 'update' || word === 'stack' || word in flagsOf)
  const word = given[index] ?? given.find((one) => !one.startsWith('-')) ?? ''
  const isOutput = word === 'stack' && given[index + 1] === 'output'
  if (index < 0 || (word === 'stack' && !isOutput)) throw new Stop(`unknown command "${word}" for "pulumi"`)
  const command = isOutput ? 'stack output' : word === 'update' ? 'up' : (word as Command)
  return { command, rest: given.toSpliced(index, isOutput ? 2 : 1) }
}

/** A flag may be `--refresh` and `--refresh=true`: Node's parser knows one of them at a time. */
function withValues(args: readonly string[]): string[] {
  return args.map((arg) => (/^(--refresh|-r)$/.test(arg) ? '--refresh=true' : arg))
}

/** @param isDebugging PULUMI_DEBUG_COMMANDS is set: only then there is `--event-log` */
export function readArguments(given: readonly string[], isDebugging: boolean): Arguments {
  const { command, rest } = commandOf(given)
  const isUpdate = command === 'preview' || command === 'up'
  const options = {
    ...everywhere,
    ...flagsOf[command],
    ...(isUpdate && { refresh: { ...text, short: 'r' } }),
    ...(isUpdate && isDebugging && { 'event-log': text }),
  }
  try {
    const { values, positionals } = parseArgs({ args: withValues(rest), options, allowPositionals: true })
    if (positionals.length > 0 && command !== 'stack output')
      throw new Stop(`unknown argument "${positionals[0]}" for "pulumi ${command}"`)
    return { command, flags: values as Arguments['flags'] }
  } catch (error) {
    if (error instanceof Stop) throw error
    const unknown = /'(-[^' ]+)/.exec((error as Error).message)?.[1] ?? ''
    throw new Stop(`unknown flag: ${unknown}`)
  }
}
