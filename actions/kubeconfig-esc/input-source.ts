import { delimiter, resolve } from 'node:path'
import { type ClusterFile, type Complaint, quote } from '../../src/cluster-file/index.ts'
import {
  defaultProperties,
  formatPropertyPath,
  formatReference,
  type PropertyPath,
  parsePropertyPath,
  parseReference,
} from '../../src/esc/index.ts'
import type { InputRunner } from '../input-texts.ts'
import { backendOf, identityOf } from '../pulumi-identity.ts'
import type { Source, Values, WantedFile } from './inputs.ts'
import type { Settings } from './settings.ts'

/** Under this name the SSH key of the input `node` is placed. */
export const sshKeyName = 'ssh-private-key'

function isComplaint(value: object | string): value is Complaint {
  return typeof value === 'object' && 'problem' in value && 'allowed' in value
}

/** Reads one property; undefined: a problem says why. */
export function propertyOf(input: string, text: string, settings: Settings): PropertyPath | undefined {
  const path = parsePropertyPath(text)
  if (!isComplaint(path)) return path
  settings.problems.push({ input, value: quote(text), ...path })
  return undefined
}

/** What only looks needs less than a join, a deployment more, and a removal something else: each may have a kubeconfig of its own. */
const ownProperties: Readonly<
  Partial<Record<Values['purpose'], 'read-only-property' | 'deploy-property' | 'remove-property'>>
> = {
  verify: 'read-only-property',
  deploy: 'deploy-property',
  remove: 'remove-property',
}

function propertiesOf(
  values: Values,
  file: ClusterFile | undefined,
  settings: Settings,
): readonly string[] | undefined {
  const kubeconfig = file?.content.kubeconfig
  const own = ownProperties[values.purpose]
  if (own !== undefined) {
    const properties = settings.pickList(own, values[own], kubeconfig?.[own])
    if (properties !== undefined) return properties
  }
  return settings.pickList('property', values.property, kubeconfig?.property)
}

/** Every part is looked at, also when another has a problem: all problems are told at once. */
function escSource(
  text: string,
  values: Values,
  file: ClusterFile | undefined,
  settings: Settings,
): Source | undefined {
  const isInput = values.environment !== undefined
  const reference = parseReference(text, values.organization ?? '')
  const isUnclear = isComplaint(reference)
  if (isUnclear) {
    const input = isInput ? 'environment' : settings.at('kubeconfig', 'esc')
    settings.problems.push({ input, value: quote(text), ...reference })
  } else settings.note('environment', formatReference(reference), isInput ? 'input' : settings.filePath)
  const backendUrl = backendOf(values, settings)
  const named = propertiesOf(values, file, settings)?.map((one) => propertyOf('property', one, settings))
  // An organization that nobody knows yet stands for any: the scope's form is judged all the same.
  const identity = identityOf(
    values,
    isUnclear ? values.organization || 'organization' : reference.organization,
    settings,
  )
  if (isUnclear) return undefined
  const properties = named ?? defaultProperties(reference)
  if (named === undefined)
    settings.note('property', properties.map((one) => formatPropertyPath(one ?? [])).join(', '), 'default')
  const known = properties.filter((one) => one !== undefined)
  if (identity === undefined || known.length === 0) return undefined
  return { kind: 'esc', reference, properties: known, backendUrl, identity }
}

/** Environment, or a path on the runner: an input wins over the cluster file, and that over $KUBECONFIG. Undefined: a problem says why. */
export function sourceOf(
  values: Values,
  file: ClusterFile | undefined,
  settings: Settings,
  runner: Pick<InputRunner, 'environment' | 'workspace'>,
): Source | undefined {
  const written = file?.content.kubeconfig
  if (values.environment !== undefined && values.kubeconfig !== undefined) {
    settings.problems.push({
      input: 'kubeconfig',
      value: quote(values.kubeconfig),
      problem: 'is given besides `environment`',
      allowed: 'one of the two',
    })
    return undefined
  }
  const environment = values.environment ?? (values.kubeconfig === undefined ? written?.esc : undefined)
  if (environment !== undefined) return escSource(environment, values, file, settings)

  const fromEnvironment = (runner.environment.KUBECONFIG ?? '').split(delimiter).filter((part) => part !== '')
  const path = values.kubeconfig ?? written?.path ?? fromEnvironment[0]
  const source = values.kubeconfig ? 'input' : written?.path ? settings.filePath : '$KUBECONFIG'
  // A cluster file that could not be read may say what seems to be missing.
  if (path === undefined && values['cluster-file'] !== undefined && file === undefined) return undefined
  if (path === undefined) {
    settings.problems.push({
      input: 'environment',
      problem: 'is missing',
      allowed:
        'a Pulumi ESC environment, organization/project/environment; or the input kubeconfig: a path on the runner',
    })
    return undefined
  }
  // kubectl merges several files; which of them is meant is nobody's guess.
  if (source === '$KUBECONFIG' && fromEnvironment.length > 1) {
    settings.problems.push({
      input: 'kubeconfig ($KUBECONFIG)',
      value: quote(runner.environment.KUBECONFIG),
      problem: 'names several files',
      allowed: 'the path of one; choose it with the input `kubeconfig`',
    })
    return undefined
  }
  settings.note('kubeconfig', path, source)
  return { kind: 'file', path: resolve(runner.workspace, path) }
}

/** Names that are safe as names of files, whatever the platform. */
const fileName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

/** The further files: those of the input, and the SSH key of the node. */
export function filesOf(
  values: Values,
  file: ClusterFile | undefined,
  settings: Settings,
  source: Source | undefined,
): readonly WantedFile[] {
  const wanted: WantedFile[] = []
  const add = (input: string, name: string, text: string): void => {
    if (!fileName.test(name)) {
      settings.problems.push({
        input,
        value: quote(name),
        problem: 'is no name of a file',
        allowed: 'letters, digits, -, _ and ., at most 64',
      })
      return
    }
    // Some file systems do not tell upper from lower case.
    if (wanted.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
      settings.problems.push({
        input,
        value: quote(name),
        problem: 'is named twice',
        allowed: 'one property for each name',
      })
      return
    }
    const property = propertyOf(input, text, settings)
    if (property !== undefined) wanted.push({ name, property })
  }
  for (const line of (values.files ?? '').split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const [, name = '', property = ''] = /^([^=]+)=(.+)$/.exec(line) ?? []
    if (name === '')
      settings.problems.push({
        input: 'files',
        value: quote(line),
        problem: 'is not NAME=property',
        allowed: 'one a line',
      })
    else add('files', name.trim(), property.trim())
  }
  const { node } = values
  if (node !== undefined && file !== undefined) {
    const known = Object.hasOwn(file.content.nodes, node) ? file.content.nodes[node] : undefined
    const property = known?.ssh?.['private-key-property']
    if (known === undefined)
      settings.problems.push({
        input: 'node',
        value: quote(node),
        problem: `is not in ${file.path}`,
        allowed: 'the name of a node of the cluster file',
      })
    // With a kubeconfig that lies on the runner there is no environment to read the key from; the join then gets it as a secret.
    else if (property !== undefined && source?.kind === 'esc')
      add(settings.at('nodes', node, 'ssh', 'private-key-property'), sshKeyName, property)
  } else if (node !== undefined && values['cluster-file'] === undefined)
    settings.problems.push({
      input: 'node',
      value: quote(node),
      problem: 'is given without `cluster-file`',
      allowed: 'both, or neither',
    })
  if (values.files !== undefined && source?.kind === 'file')
    settings.problems.push({
      input: 'files',
      problem: 'is given, but there is no ESC environment to read them from',
      allowed: 'leave it out, or give `environment`',
    })
  return wanted
}
