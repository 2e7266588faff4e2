import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readYaml } from '../../src/cluster-file/index.ts'
import { forgetful } from './reserved.ts'

/** What the files beside the program say, as far as the guard asks. All of it is text of the repository. */
export interface ProgramFiles {
  /** Name of the project in Pulumi.yaml; empty: there is none that can be read. */
  readonly project: string
  /** Why not; empty: it can. */
  readonly problem: string
  /** Name of the stack's configuration file, for people. */
  readonly stackFile: string
  /** What the program's own guard expects, from that file; empty: it does not say. */
  readonly caSha256: string
  readonly clusterUid: string
  /** Settings of the provider in it that let it forget what it cannot reach. */
  readonly forgets: readonly string[]
  /** Settings of the provider in it that lead it past the kubeconfig that was checked. */
  readonly detours: readonly string[]
}

/** An explicit address, context or cluster takes the place of what KUBECONFIG says (pulumi/pulumi-kubernetes: provider.go, Configure). */
const detours = ['kubeconfig', 'context', 'cluster']

function read(path: string): { readonly content: unknown } | { readonly problem: string } {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException
    return { problem: code === 'ENOENT' ? 'is not there' : `cannot be read (${code})` }
  }
  const yaml = readYaml(text, path)
  return 'yaml' in yaml ? { content: yaml.yaml.content } : { problem: 'is no YAML' }
}

/** The first that is there: Pulumi takes either ending (pulumi/pulumi: sdk/go/common/workspace/paths.go). */
function readEither(directory: string, name: string) {
  const first = read(join(directory, `${name}.yaml`))
  if (!('problem' in first) || first.problem !== 'is not there') return { name: `${name}.yaml`, ...first }
  const second = read(join(directory, `${name}.yml`))
  return 'problem' in second ? { name: `${name}.yaml`, ...first } : { name: `${name}.yml`, ...second }
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}

function unwrapped(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const { value: fixed, default: fallback } = mapping(value)
      return [key, fixed ?? fallback ?? value]
    }),
  )
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Keys are `namespace:name`, formerly `namespace:config:name` (pulumi/pulumi: sdk/go/common/resource/config/key.go). */
function setting(config: Readonly<Record<string, unknown>>, namespace: string, name: string): unknown {
  for (const key of [`${namespace}:${name}`, `${namespace}:config:${name}`])
    if (Object.hasOwn(config, key)) return config[key]
  return undefined
}

/** Reads Pulumi.yaml and the configuration of the stack. Never throws: what cannot be read is said, or not known. */
export function readProgramFiles(directory: string, stack: string): ProgramFiles {
  const project = readEither(directory, 'Pulumi')
  const top = 'content' in project ? mapping(project.content) : {}
  const name = plain(top.name)
  // As text, `config` is the old name of that folder (pulumi/pulumi: sdk/go/common/workspace/project.go).
  const folder = plain(top.stackConfigDir) || plain(top.config)
  const stackFile = readEither(join(directory, folder), `Pulumi.${stack}`)
  const ofStack = 'content' in stackFile ? mapping(mapping(stackFile.content).config) : {}
  // What the stack does not say, the project may say for all its stacks: a value, or one in `value` or `default`.
  const config = { ...unwrapped(mapping(top.config)), ...ofStack }
  const says = (word: string): boolean => setting(config, 'kubernetes', word) !== undefined
  return {
    project: name,
    problem:
      'problem' in project
        ? `${project.name} ${project.problem}`
        : name === ''
          ? `${project.name} names no project`
          : '',
    stackFile: stackFile.name,
    caSha256: name === '' ? '' : plain(setting(config, name, 'caSha256')),
    clusterUid: name === '' ? '' : plain(setting(config, name, 'clusterUid')),
    forgets: forgetful.map(({ setting: word }) => word).filter((word) => isOn(setting(config, 'kubernetes', word))),
    detours: detours.filter(says),
  }
}

/** A secret is not readable here, so it counts as on. */
function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 'false' && value !== ''
}
