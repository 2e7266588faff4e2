import { delimiter, resolve } from 'node:path'
import {
  type ClusterFile,
  ClusterFileError,
  type ClusterFileNode,
  type Problem,
  quote,
  readClusterFile,
} from '../../src/cluster-file/index.ts'
import type { Runner } from '../../src/runner/index.ts'
import type { InputValues } from '../input-specification.ts'
import { privateKeyComplaint } from './private-key.ts'
import { specification } from './specification.ts'

/** What of the runner is needed to read inputs. */
export type InputRunner = Pick<Runner, 'input' | 'mask' | 'workspace' | 'environment'>

export type JoinValues = InputValues<typeof specification>

const names = Object.keys(specification) as (keyof typeof specification)[]

/** Text of every input. Secrets are masked and forgotten before anything else can print or inherit them. */
export function takeTexts(runner: InputRunner, forget: (name: string) => void): ReadonlyMap<string, string> {
  const texts = new Map<string, string>(names.map((name) => [name, runner.input(name)]))
  for (const name of names) {
    const definition = specification[name]
    const text = texts.get(name) ?? ''
    // Several lines in the place of a path are a key or a kubeconfig that somebody has put into the wrong input.
    const isSecret = 'secret' in definition || (definition.type === 'path' && /[\n\r]/.test(text))
    if (!isSecret || text === '') continue
    runner.mask(text)
    forget(name)
  }
  const token = texts.get('token') ?? ''
  // The parts behind `K10<hash>::`, the user and the id of a bootstrap token are secrets by themselves.
  for (const separator of ['::', ':', '.']) {
    const part = token.split(separator).at(-1) ?? ''
    if (part !== '' && part !== token) runner.mask(part)
  }
  return texts
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by the runner',
  EISDIR: 'is a folder',
  ENOTDIR: 'goes through something that is no folder',
}

/** Reads what inputs point to. Nothing throws: what is wrong is collected, so that all of it can be told at once. */
export class InputSources {
  readonly problems: Problem[] = []
  private readonly runner: InputRunner
  private readonly readFile: (path: string) => string

  constructor(runner: InputRunner, readFile: (path: string) => string) {
    this.runner = runner
    this.readFile = readFile
  }

  private file(input: string, path: string): string | undefined {
    try {
      return this.readFile(resolve(this.runner.workspace, path))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
      this.problems.push({
        input,
        value: quote(path),
        problem: unreadable[code] ?? `cannot be read (${code})`,
        allowed: 'a file that the runner can read; relative paths start in the workspace',
      })
      return undefined
    }
  }

  clusterFile(path: string | undefined): ClusterFile | undefined {
    const text = path === undefined ? undefined : this.file('cluster-file', path)
    if (path === undefined || text === undefined) return undefined
    try {
      return readClusterFile(text, path)
    } catch (error) {
      if (!(error instanceof ClusterFileError)) throw error
      this.problems.push(...error.problems)
      return undefined
    }
  }

  /** Text of the private key, normalised: from the input, the file that the input names, or the file that the cluster file names. */
  privateKey(values: JoinValues, node: ClusterFileNode): string | undefined {
    const given = values['ssh-private-key']
    const givenPath = values['ssh-private-key-file']
    if (given !== undefined && givenPath !== undefined) {
      this.problems.push({
        input: 'ssh-private-key-file',
        value: quote(givenPath),
        problem: 'is given besides `ssh-private-key`',
        allowed: 'one of the two',
      })
    }
    const input = given === undefined ? 'ssh-private-key-file' : 'ssh-private-key'
    const path = givenPath ?? node.ssh?.['private-key-file']
    const text = given ?? (path === undefined ? undefined : this.file(input, path))
    if (text === undefined) return undefined
    this.runner.mask(text)
    // Keys come from Windows editors and from inputs, which are trimmed; parsers want line feeds and a last one.
    const key = text.replaceAll(/\r\n?/g, '\n').trim()
    const complaint = privateKeyComplaint(key)
    if (complaint) this.problems.push({ input, ...complaint })
    return `${key}\n`
  }

  /** Absolute path of the kubeconfig, and where it was said: input, cluster file, $KUBECONFIG. */
  kubeconfig(values: JoinValues, file: ClusterFile | undefined): { readonly path: string; readonly source: string } {
    const written = file?.content.kubeconfig?.path
    const environment = this.runner.environment.KUBECONFIG ?? ''
    const path = values.kubeconfig ?? written ?? environment
    const source = values.kubeconfig ? 'input' : written ? (file?.path ?? '') : '$KUBECONFIG'
    const allowed = 'the path of one kubeconfig on the runner'
    const refuse = (problem: string, remedy: string): void => {
      const input = source === 'input' ? 'kubeconfig' : `kubeconfig (${source})`
      this.problems.push({ input, ...(path === '' ? {} : { value: quote(path) }), problem, allowed: remedy })
    }
    if (path === '') refuse('is missing, and no input `kubeconfig` is given', allowed)
    // kubectl merges several files; which of them would be changed by whom is nobody's guess.
    else if (source === '$KUBECONFIG' && path.split(delimiter).filter((part) => part !== '').length > 1) {
      refuse('names several files', `${allowed}; choose one with the input \`kubeconfig\``)
    } else if (path.startsWith('~')) refuse('begins with ~, which only a shell understands', `${allowed}, written out`)
    return { path: path === '' ? '' : resolve(this.runner.workspace, path), source }
  }
}
