import { readFileSync, statSync } from 'node:fs'
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

/** In this order; the stack's file has the ending of the project's (pulumi/pulumi: sdk/go/common/workspace/paths.go, encoding/marshal.go). */
const endings = ['.json', '.yaml', '.yml']
type Ending = (typeof endings)[number]

/** The first that is there, and no folder: what is read here has to be what Pulumi reads. */
function endingOf(directory: string, name: string): Ending {
  const isFile = (ending: Ending): boolean =>
    statSync(join(directory, name + ending), { throwIfNoEntry: false })?.isDirectory() === false
  return endings.find(isFile) ?? '.yaml'
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
function settings(config: Readonly<Record<string, unknown>>, namespace: string, name: string): readonly unknown[] {
  const keys = [`${namespace}:${name}`, `${namespace}:config:${name}`]
  return keys.filter((key) => Object.hasOwn(config, key)).map((key) => config[key])
}

/** Which of two spellings counts is not for us to say: two that differ are none. */
function only(values: readonly unknown[]): string {
  return new Set(values).size === 1 ? plain(values[0]) : ''
}

/** Reads Pulumi.yaml and the configuration of the stack. Never throws: what cannot be read is said, or not known. */
export function readProgramFiles(directory: string, stack: string): ProgramFiles {
  const ending = endingOf(directory, 'Pulumi')
  const projectFile = `Pulumi${ending}`
  const project = read(join(directory, projectFile))
  const top = 'content' in project ? mapping(project.content) : {}
  const name = plain(top.name)
  // As text, `config` is the old name of that folder (pulumi/pulumi: sdk/go/common/workspace/project.go).
  const folder = plain(top.stackConfigDir) || plain(top.config)
  const stackFile = `Pulumi.${stack}${ending}`
  const ofFile = read(join(directory, folder, stackFile))
  const ofStack = 'content' in ofFile ? mapping(mapping(ofFile.content).config) : {}
  // What the stack does not say, the project may say for all its stacks: a value, or one in `value` or `default`.
  const config = { ...unwrapped(mapping(top.config)), ...ofStack }
  const says = (word: string): boolean => settings(config, 'kubernetes', word).length > 0
  return {
    project: name,
    problem:
      'problem' in project ? `${projectFile} ${project.problem}` : name === '' ? `${projectFile} names no project` : '',
    stackFile,
    caSha256: name === '' ? '' : only(settings(config, name, 'caSha256')),
    clusterUid: name === '' ? '' : only(settings(config, name, 'clusterUid')),
    forgets: forgetful
      .map(({ setting: word }) => word)
      .filter((word) => settings(config, 'kubernetes', word).some(isOn)),
    detours: detours.filter(says),
  }
}

/** A secret is not readable here, so it counts as on. */
function isOn(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 'false' && value !== ''
}
