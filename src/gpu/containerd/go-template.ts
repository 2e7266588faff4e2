import { type Branch, deepest, Fault, type Node, parse, split } from './go-template-syntax.ts'

/**
 * Go's text/template as far as people use it in containerd templates: enough to say what a template makes of k3s's own text,
 * without k3s. What only k3s knows stays in the result as `{{ expression }}`. Pure, and linear in the length of the template.
 */

/** What is known while a template is rendered. */
export interface TemplateWorld {
  /** What `{{ template "base" . }}` stands for. */
  readonly base: string
  /** `.ExtraRuntimes`: name and program of every runtime that k3s finds. */
  readonly runtimes: readonly { readonly name: string; readonly path: string }[]
  /** Expressions whose value is known, e.g. `.NodeConfig.DefaultRuntime`; an empty one is false. */
  readonly values: Readonly<Record<string, string>>
}

export interface Rendering {
  readonly text: string
  /** k3s's own text is in it. */
  readonly hasBase: boolean
  /** The template writes the runtimes that k3s finds by itself. */
  readonly listsRuntimes: boolean
  /** Why k3s could not render it; k3s does not start then. */
  readonly problem?: string
}

interface Scope {
  readonly values: Readonly<Record<string, string>>
}

const longestOutput = 1_000_000

export function renderTemplate(source: string, world: TemplateWorld): Rendering {
  const state = { text: '', hasBase: false, listsRuntimes: false }
  try {
    const pieces = split(source)
    const cursor = { at: 0 }
    const nodes = parse(pieces, cursor, [], 0).nodes
    const defined = new Map<string, readonly Node[]>()
    collect(nodes, defined)
    write(nodes, { values: world.values }, world, defined, state, 0)
    return state
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { ...state, problem: error.message }
  }
}

function collect(nodes: readonly Node[], defined: Map<string, readonly Node[]>): void {
  for (const node of nodes) {
    if (node.kind === 'define') {
      defined.set(node.name, node.body)
      collect(node.body, defined)
    } else if ('otherwise' in node) {
      collect(node.body, defined)
      collect(node.otherwise, defined)
    }
  }
}

function write(
  nodes: readonly Node[],
  scope: Scope,
  world: TemplateWorld,
  defined: ReadonlyMap<string, readonly Node[]>,
  state: { text: string; hasBase: boolean; listsRuntimes: boolean },
  depth: number,
): void {
  if (depth > deepest) throw new Fault('a template that calls itself')
  for (const node of nodes) {
    if (state.text.length > longestOutput) throw new Fault('too long')
    if (node.kind === 'text') state.text += node.text
    else if (node.kind === 'output') state.text += output(node.text, scope, state.text)
    else if (node.kind === 'call') {
      // k3s sets its own text last, so that a "base" of the template's own counts for nothing.
      if (node.name === 'base') {
        if (node.data === '') throw new Fault('{{ template "base" }} lacks its dot: write {{ template "base" . }}')
        state.hasBase = true
        state.text += world.base
      } else {
        const body = defined.get(node.name)
        if (!body) throw new Fault(`template "${node.name}" is not defined`)
        write(body, scope, world, defined, state, depth + 1)
      }
    } else if ('condition' in node) {
      for (const [body, inner] of chosen(node, scope, world, state))
        write(body, inner, world, defined, state, depth + 1)
    }
  }
}

/** The bodies that are rendered, each in its scope. What cannot be decided counts as true. */
function chosen(
  node: Branch,
  scope: Scope,
  world: TemplateWorld,
  state: { listsRuntimes: boolean },
): readonly (readonly [readonly Node[], Scope])[] {
  const [, names = '', expression = ''] = /^(?:(\$\w+(?:\s*,\s*\$\w+)?)\s*:?=)?([\s\S]*)$/.exec(node.condition) ?? []
  const asked = expression.trim()
  if (node.kind === 'range' && /^\$?\.ExtraRuntimes$/.test(asked)) {
    state.listsRuntimes = true
    const [key, value] = names.split(',').map((name) => name.trim())
    return world.runtimes.map(({ name, path }) => {
      const one = { BinaryName: path, RuntimeType: 'io.containerd.runc.v2' }
      const values: Record<string, string> = { ...scope.values }
      if (value && key) values[key] = name
      for (const [field, text] of Object.entries(one)) values[`${value ?? key ?? ''}.${field}`] = text
      return [node.body, { values }]
    })
  }
  const known = lookUp(asked, scope)
  const isTrue = known === undefined ? !/^(?:false|nil|0|""|``)$|"(?:stargz|nix)"/.test(asked) : known !== ''
  if (!isTrue) return [[node.otherwise, scope]]
  return [
    [node.body, node.kind === 'with' && known !== undefined ? { values: { ...scope.values, '.': known } } : scope],
  ]
}

function lookUp(expression: string, { values }: Scope): string | undefined {
  for (const name of [expression, expression.replace(/^\$\./, '.')])
    if (Object.hasOwn(values, name)) return values[name]
  return undefined
}

/** What an action prints: its value, or `{{ expression }}`, as a TOML string where it does not stand in one. */
function output(action: string, scope: Scope, before: string): string {
  const isQuoted = /^printf\s+"%q"\s+(?=\S)|\|\s*printf\s+"%q"$/.test(action)
  const expression = action.replace(/^printf\s+"%q"\s+/, '').replace(/\s*\|\s*printf\s+"%q"$/, '')
  const literal = /^"((?:[^"\\]|\\["\\])*)"$|^`([^`]*)`$/.exec(expression)
  const said = literal?.[2] ?? literal?.[1]?.replace(/\\(["\\])/g, '$1')
  const known = said ?? lookUp(expression, scope)
  if (known !== undefined) return isQuoted ? JSON.stringify(known) : known
  const shown = `{{ ${expression.replace(/["'\\\r\n]+/g, ' ').slice(0, 100)} }}`
  const line = before.slice(Math.max(before.lastIndexOf('\n') + 1, before.length - 1000))
  const isInString = ((line.match(/"/g)?.length ?? 0) + (line.match(/'/g)?.length ?? 0)) % 2 === 1
  return isInString ? shown : `"${shown}"`
}
