/** The command line of the lab, read. Pure. */
import { parseArgs } from 'node:util'
import { closest } from 'fastest-levenshtein'
import { type K3sKind, k3sKinds } from '../contract.ts'

/** What was asked cannot be done; one line that says what is needed. */
export class UsageError extends Error {}

export type Command =
  | { readonly name: 'down' | 'status' | 'list' | 'help' }
  /** Without `k3s`: that of the standing lab, else the stand-in. */
  | { readonly name: 'suite' | 'up'; readonly k3s?: K3sKind }
  | { readonly name: 'shell'; readonly host: string; readonly command: readonly string[] }
  | { readonly name: 'run'; readonly scenarios: readonly string[]; readonly k3s?: K3sKind }

/** Hosts that can be entered; `server` is the control plane's, which is the lab itself. */
export const hostNames = ['calypso', 'styx', 'server', 'srv712429'] as const

const commandNames = ['up', 'down', 'status', 'shell', 'run', 'list'] as const

export const help = `npm run lab [-- command]

  (none)                    the whole suite in a lab of its own, which leaves nothing behind
  up                        a lab that stands until it is ended, to look at and to run scenarios in
  down                      ends it, or sweeps what a killed one left
  status                    what stands
  shell HOST [-- COMMAND]   root on calypso, styx or server (the control plane; KUBECONFIG is set)
  run SCENARIO…             these scenarios only, in the standing lab when there is one
  list                      scenarios

  --k3s stand-in|release    which k3s plays, for the suite, up and run: ours, which stands in for it (the default), or the
                            one that was released, which is downloaded from GitHub

Linux, root. Needs no internet beside package registries, and GitHub for a released k3s, once; the lab's network has no way out.
`

/** Text of somebody's making, on one line. */
const shown = (text: string): string => `'${text.replace(/[\u0000-\u001f\u007f]/g, '?')}'`

/** @throws UsageError unless `given` is one of the names */
export function oneOf<Name extends string>(what: string, given: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given)
  if (found !== undefined) return found
  const near = names.length > 0 ? ` Did you mean '${closest(given, [...names])}'?` : ''
  throw new UsageError(`There is no ${what} ${shown(given)}.${near}`)
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', default: false, short: 'h' }, k3s: { type: 'string' } },
    })
  } catch (error) {
    // Node goes on with advice that is not for us.
    const [reason = ''] = (error as Error).message.split('. ')
    throw new UsageError(`${reason.replace(/[\u0000-\u001f\u007f]/g, '?')}; --help shows what there is.`)
  }
}

function readKind(given: string): K3sKind {
  const found = k3sKinds.find((kind) => kind === given)
  if (found === undefined) throw new UsageError(`--k3s is ${k3sKinds.join(' or ')}, and was given ${shown(given)}.`)
  return found
}

/**
 * Names of scenarios are not looked up here.
 * @param args - without the program's name
 * @throws UsageError with one line
 */
export function readArguments(args: readonly string[]): Command {
  const separator = args.indexOf('--')
  const own = separator === -1 ? args : args.slice(0, separator)
  const command = separator === -1 ? [] : args.slice(separator + 1)
  const { values, positionals } = parse(own)
  if (values.help) return { name: 'help' }
  const k3s = values.k3s === undefined ? {} : { k3s: readKind(values.k3s) }
  const [first, ...rest] = positionals
  if (command.length > 0 && first !== 'shell') throw new UsageError("Only 'shell HOST -- COMMAND' takes a command.")
  if (first === undefined) return { name: 'suite', ...k3s }
  const name = oneOf('command', first, commandNames)
  if (name === 'run') {
    if (rest.length === 0) throw new UsageError("'run' needs the name of a scenario; 'list' shows them.")
    return { name, scenarios: [...new Set(rest)], ...k3s }
  }
  if (k3s.k3s !== undefined && name !== 'up')
    throw new UsageError(`'${name}' takes no --k3s: it is for the suite, up and run.`)
  if (name === 'shell') {
    if (rest.length !== 1) throw new UsageError(`'shell' needs one host: ${hostNames.slice(0, 3).join(', ')}.`)
    return { name, host: oneOf('host', rest[0]!, hostNames), command }
  }
  if (rest.length > 0) throw new UsageError(`'${name}' takes nothing more, and was given ${rest.map(shown).join(' ')}.`)
  return { name, ...k3s }
}
