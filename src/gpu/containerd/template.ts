import type { HostText } from '../model.ts'
import {
  type BaseKey,
  baseKeys,
  baseText,
  dotted,
  type FoundRuntime,
  hasThirdVersion,
  isPlain,
  keysOfNode,
  valueAt,
} from './base.ts'
import { renderTemplate } from './go-template.ts'
import { at, pluginNames, type RenderedConfig, readRendered, readToml } from './rendered.ts'

/** What k3s will find at its next start, and so writes into its own text. */
export interface Outlook {
  readonly runtimes: readonly FoundRuntime[]
  /** Empty: none is set. */
  readonly defaultRuntime: string
}

/** A key of k3s's own text that a template takes away or sets otherwise. */
export interface TemplateEffect {
  /** `plugins."io.containerd.cri.v1.runtime".cni.conf_dir` */
  readonly key: string
  /** What k3s's own text says. */
  readonly ownValue: string
  /** Undefined: the template leaves the key out. */
  readonly value?: string
  /** What that does to the node, in words. */
  readonly breaks: string
  readonly isEssential: boolean
}

export interface TemplateAnalysis {
  readonly path: string
  /**
   * `harmful`: what the node needs is missing, or k3s or containerd cannot read it. `duplicates`: it extends k3s's own text and
   * writes a table once more, so that containerd does not start. `harmless`: neither. `unknown`: too long to be judged.
   */
  readonly verdict: 'harmful' | 'harmless' | 'duplicates' | 'unknown'
  readonly hasBase: boolean
  /** This release of k3s looks at a file of this name. */
  readonly isHeeded: boolean
  readonly removes: readonly TemplateEffect[]
  readonly changes: readonly TemplateEffect[]
  /** Tables that are there twice. */
  readonly duplicates: readonly string[]
  /** Tables of it that containerd drops without an error. */
  readonly ignored: readonly string[]
  /** Why k3s cannot render it, or containerd cannot read the result. */
  readonly problem?: string
  /** The configuration that k3s would render with it. */
  readonly result: RenderedConfig
}

/** The survey cuts texts there. */
const longestText = 64 * 1024

const fileVersionOf = (path: string): 2 | 3 => (path.endsWith('/config-v3.toml.tmpl') ? 3 : 2)

/** The configuration that k3s renders from its own text alone. */
export function ownConfig(rendered: HostText | undefined, k3sVersion: string, outlook: Outlook): RenderedConfig {
  const version = hasThirdVersion(k3sVersion) ? 3 : 2
  return readRendered(baseText(version, keysFor(version, version, rendered, outlook)))
}

function keysFor(
  version: 2 | 3,
  fileVersion: 2 | 3,
  rendered: HostText | undefined,
  outlook: Outlook,
): readonly BaseKey[] {
  const now = rendered && readRendered(rendered.text)
  return keysOfNode(baseKeys(version, fileVersion, outlook.runtimes, outlook.defaultRuntime, true), now)
}

/**
 * What a containerd template makes of the configuration that k3s would render without it: renders both, and compares them key by
 * key. `rendered` is what k3s rendered at its last start: where that is k3s's own text, it tells this node's own values.
 */
export function analyseTemplate(
  template: HostText,
  rendered: HostText | undefined,
  k3sVersion: string,
  outlook: Outlook = { runtimes: [], defaultRuntime: '' },
): TemplateAnalysis {
  const fileVersion = fileVersionOf(template.path)
  const world = {
    base: baseText(fileVersion, keysFor(fileVersion, fileVersion, rendered, outlook)),
    runtimes: outlook.runtimes,
    values: {
      '.NodeConfig.DefaultRuntime': outlook.defaultRuntime,
      '.DisableCgroup': '',
      '.IsRunningInUserNS': '',
    },
  }
  const rendering = renderTemplate(template.text, world)
  const result = readRendered(rendering.text)
  const own = renderTemplate(template.text, { ...world, base: '' }).text
  const isThirdText =
    result.version === 3 || (result.version !== 2 && at(result.tables, ['plugins', pluginNames.runtime]) !== undefined)
  const keys = keysFor(isThirdText ? 3 : fileVersion, fileVersion, rendered, outlook)
  const problem = rendering.problem ?? result.problem ?? refusedVersion(result.version, k3sVersion)
  const duplicates = rendering.hasBase && result.problem !== undefined ? tablesTwice(own, world.base) : []
  const isTwice = rendering.hasBase && result.problem !== undefined && readToml(own).problem === undefined
  // What cannot be read takes nothing away key by key: it takes everything.
  const effects = problem === undefined ? keys.flatMap((key) => effectOf(key, result)) : []
  const removes = effects.filter((one) => one.value === undefined)
  const changes = effects.filter((one) => one.value !== undefined)
  const isHarmful = problem !== undefined || effects.some((one) => one.isEssential)
  return {
    path: template.path,
    verdict:
      template.text.length >= longestText
        ? 'unknown'
        : isTwice && rendering.problem === undefined
          ? 'duplicates'
          : isHarmful
            ? 'harmful'
            : 'harmless',
    hasBase: rendering.hasBase,
    isHeeded: fileVersion === 2 || hasThirdVersion(k3sVersion),
    removes,
    changes,
    duplicates: isTwice && duplicates.length === 0 ? [result.problem ?? ''] : duplicates,
    ignored: result.ignored,
    ...(problem === undefined ? {} : { problem }),
    result,
  }
}

/** containerd 2.0 to 2.2 read versions up to 3, containerd 2.3, which came with k3s 1.36, also 4. */
function refusedVersion(version: number | undefined, k3sVersion: string): string | undefined {
  const minor = Number(/^v?1\.(\d+)\./.exec(k3sVersion)?.[1] ?? 0)
  const highest = minor >= 36 ? 4 : 3
  return version !== undefined && version > highest
    ? `containerd reads configurations up to version ${highest}, this one says ${version}`
    : undefined
}

function effectOf(key: BaseKey, result: RenderedConfig): readonly TemplateEffect[] {
  const value = valueAt(result.tables, key)
  const shared = { key: dotted(key.path), ownValue: shown(key.value), breaks: key.breaks }
  if (value === undefined) return [{ ...shared, isEssential: key.isEssential }]
  if (isSame(value, key.value)) return []
  // Another folder or image may be meant; another way to manage control groups never works.
  const isEssential = key.isEssential && key.path.at(-1) === 'SystemdCgroup'
  return [{ ...shared, value: shown(value), isEssential }]
}

/** Tables can be nested without end, so only what is plain is ever shown or compared. */
const shown = (value: unknown): string =>
  typeof value === 'string' ? value : isPlain(value) ? JSON.stringify(value) : 'a table'

function isSame(value: unknown, own: BaseKey['value']): boolean {
  const [a, b] = [value, own].map((one) => (Array.isArray(one) && one.length === 1 ? one[0] : one))
  // What only k3s can fill in is what k3s fills in.
  return (isPlain(a) && JSON.stringify(a) === JSON.stringify(b)) || (typeof a === 'string' && a.includes('{{'))
}

/** Headers of tables that both texts write, normalised. */
function tablesTwice(own: string, base: string): readonly string[] {
  const inBase = new Set(headers(base))
  return [...new Set(headers(own).filter((header) => inBase.has(header)))]
}

function headers(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const header = /^[ \t]*\[([^[][^\r\n]*)\][ \t]*(?:#.*)?\r?$/.exec(line)?.[1]
    if (header === undefined) return []
    const { tables, problem } = readToml(`[${header}]`)
    return problem === undefined ? [dotted(onlyPath(tables))] : []
  })
}

/** The keys that lead down a table which holds nothing else. */
function onlyPath(tables: Readonly<Record<string, unknown>>): readonly string[] {
  const path: string[] = []
  let table: unknown = tables
  while (typeof table === 'object' && table !== null) {
    const [entry] = Object.entries(table)
    if (!entry) break
    path.push(entry[0])
    table = entry[1]
  }
  return path
}
