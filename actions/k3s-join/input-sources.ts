import { delimiter, resolve } from 'node:path'
import { type ClusterFile, type ClusterFileNode, quote } from '../../src/cluster-file/index.ts'
import { InputFiles } from '../input-files.ts'
import type { InputValues } from '../input-specification.ts'
import { type InputRunner, takeTexts } from '../input-texts.ts'
import { privateKeyComplaint } from '../private-key.ts'
import { specification } from './specification.ts'

export type JoinValues = InputValues<typeof specification>

/** Text of every input; see takeTexts. */
export function takeJoinTexts(runner: InputRunner, forget: (name: string) => void): ReadonlyMap<string, string> {
  const texts = takeTexts(specification, runner, forget)
  const token = texts.get('token') ?? ''
  // The parts behind `K10<hash>::`, the user and the id of a bootstrap token are secrets by themselves.
  for (const separator of ['::', ':', '.']) {
    const part = token.split(separator).at(-1) ?? ''
    if (part !== '' && part !== token) runner.mask(part)
  }
  return texts
}

/** Reads what the inputs of k3s-join point to. */
export class InputSources extends InputFiles {
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
