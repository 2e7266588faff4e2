import { delimiter, resolve } from 'node:path'
import { type ClusterFile, ClusterFileError, type Problem, quote, readClusterFile } from '../src/cluster-file/index.ts'
import type { InputRunner } from './input-texts.ts'

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by the runner',
  EISDIR: 'is a folder',
  ENOTDIR: 'goes through something that is no folder',
}

/** Reads what inputs point to. Nothing throws: what is wrong is collected, so that all of it can be told at once. */
export class InputFiles {
  readonly problems: Problem[] = []
  protected readonly runner: InputRunner
  readonly #readFile: (path: string) => string

  /** `readFile` gets absolute paths. */
  constructor(runner: InputRunner, readFile: (path: string) => string) {
    this.runner = runner
    this.#readFile = readFile
  }

  /** Undefined: it cannot be read, and a problem says why. */
  file(input: string, path: string): string | undefined {
    try {
      return this.#readFile(resolve(this.runner.workspace, path))
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

  /** Absolute path of the kubeconfig, and where it was said: input, cluster file, $KUBECONFIG. */
  kubeconfig(
    values: { readonly kubeconfig?: string },
    file: ClusterFile | undefined,
  ): { readonly path: string; readonly source: string } {
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
