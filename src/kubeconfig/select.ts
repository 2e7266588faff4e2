import { nearest, quote } from '../cluster-file/index.ts'
import { isMapping, type KubeconfigDocument, type Mapping } from './document.ts'
import { flatten, invalid, refused } from './errors.ts'
import { checkName } from './names.ts'
import type { Parts } from './policy.ts'

type List = 'contexts' | 'clusters' | 'users'
const itemKeys = { contexts: 'context', clusters: 'cluster', users: 'user' } as const
/** More names than this help nobody. */
const mostNames = 20

function entriesOf(document: KubeconfigDocument, list: List): readonly unknown[] {
  const entries = document.content[list]
  if (entries === undefined || entries === null) return []
  if (Array.isArray(entries)) return entries
  throw invalid(`${list} of the kubeconfig is no list`, 'it holds entries with a name each', flatten, [
    document.lineAt([list]),
  ])
}

/** The names in a list, in its order; what has none is `''`. */
export function namesOf(document: KubeconfigDocument, list: List): readonly string[] {
  return entriesOf(document, list).map((entry) =>
    isMapping(entry) && typeof entry.name === 'string' ? entry.name : '',
  )
}

function named(
  document: KubeconfigDocument,
  list: List,
  name: string,
): { readonly index: number; readonly item: Mapping } {
  const item = itemKeys[list]
  const names = namesOf(document, list)
  const index = names.indexOf(name)
  const count = names.filter((one) => one === name).length
  if (count > 1) {
    throw invalid(
      `the kubeconfig has ${count} ${list} named ${quote(name)}`,
      'which one counts depends on the program that reads it',
      'remove the others',
    )
  }
  const entry = entriesOf(document, list)[index]
  if (index === -1 || !isMapping(entry)) {
    const shown = names
      .filter((one) => one !== '')
      .slice(0, mostNames)
      .map((one) => quote(one))
    const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
    const guess = nearest(name, names)
    throw invalid(
      `the kubeconfig has no ${item} ${quote(name)}`,
      `its ${list}: ${shown.join(', ') || 'none'}${more}`,
      guess ? `did you mean ${quote(guess)}?` : 'name one of them, or correct the kubeconfig',
    )
  }
  checkName(name, item)
  const stray = Object.keys(entry).find((key) => key !== 'name' && key !== item)
  if (stray !== undefined) {
    throw refused(
      `the entry of ${item} ${quote(name)} has a key besides name and ${item}`,
      'what is not known cannot be judged',
      'remove it, or correct the indentation: it may belong one level deeper',
      [document.lineAt([list, index, stray])],
    )
  }
  const found = entry[item]
  if (isMapping(found)) return { index, item: found }
  throw invalid(`the entry of ${item} ${quote(name)} holds no ${item}`, 'it has a name and nothing else', flatten, [
    document.lineAt([list, index]),
  ])
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Where the chosen context, its cluster and its user stand. Throws KubeconfigError `kubeconfig-invalid` with the names that there are. */
export function selectParts(document: KubeconfigDocument, wanted: string): Parts {
  const contextName = wanted || textOf(document.content['current-context'])
  if (contextName === '') {
    const names = namesOf(document, 'contexts')
      .slice(0, mostNames)
      .map((one) => quote(one))
    throw invalid(
      'the kubeconfig names no current-context',
      `which of its contexts is meant cannot be told: ${names.join(', ') || 'it has none'}`,
      'set current-context, or give the input `context`',
    )
  }
  const context = named(document, 'contexts', contextName)
  const clusterName = textOf(context.item.cluster)
  const userName = textOf(context.item.user)
  const cluster = named(document, 'clusters', clusterName)
  const user = named(document, 'users', userName)
  return {
    contextName,
    context: context.item,
    contextPlace: ['contexts', context.index, 'context'],
    clusterName,
    cluster: cluster.item,
    clusterPlace: ['clusters', cluster.index, 'cluster'],
    userName,
    user: user.item,
    userPlace: ['users', user.index, 'user'],
  }
}
