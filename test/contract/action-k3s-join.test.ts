import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NoOperationTraceWriter } from '@actions/workflow-parser'
import { parseAction } from '@actions/workflow-parser/actions/action-parser'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import type { InputDefinition } from '../../actions/input-specification.ts'
import { specification } from '../../actions/k3s-join/specification.ts'
import { generateDocs } from '../../scripts/docs.ts'

const file = 'actions/k3s-join/action.yml'
const text = readFileSync(join(process.cwd(), file), 'utf8')
const action = parse(text) as {
  inputs: Record<string, { description: string; default?: string; required?: boolean }>
  outputs: Record<string, { description: string }>
  runs: Record<string, string>
}
const definitions = Object.entries(specification) as [string, InputDefinition][]

function githubErrors(content: string): string[] {
  const { context } = parseAction({ name: file, content }, new NoOperationTraceWriter())
  return context.errors.getErrors().map((error) => error.message)
}

describe('actions/k3s-join/action.yml', () => {
  it("is an action for GitHub's own parser, which would see a wrong key", () => {
    expect(githubErrors(text)).toEqual([])
    expect(githubErrors(text.replace('post-if:', 'post-iff:'))).not.toEqual([])
  })

  it('has exactly the inputs that are promised', () => {
    expect(Object.keys(action.inputs)).toEqual([
      'cluster-file',
      'node',
      'host',
      'port',
      'user',
      'transport',
      'ssh-private-key',
      'ssh-private-key-file',
      'known-hosts',
      'host-key-fingerprint',
      'sudo-password',
      'kubeconfig',
      'context',
      'server',
      'version',
      'labels',
      'taints',
      'node-ip',
      'node-external-ip',
      'extra-config',
      'token',
      'allow-server-token',
      'adopt',
      'allow-gpu-disruption',
      'replace-node',
      'ignore-checks',
      'fail-on',
      'timeout',
      'dry-run',
      'verify',
      'github-token',
    ])
  })

  it('has exactly the outputs that are promised', () => {
    expect(Object.keys(action.outputs)).toEqual([
      'result',
      'changed',
      'restarted',
      'plan',
      'node-name',
      'node-uid',
      'version',
      'internal-ip',
      'failure-code',
      'report',
      'evidence',
    ])
  })

  it('runs the committed stubs, and post always', () => {
    expect(action.runs).toEqual({
      using: 'node24',
      main: '../../dist/k3s-join/index.js',
      post: '../../dist/k3s-join/post.js',
      'post-if': 'always()',
    })
  })

  it.each(definitions)('says of %s what the specification says', (name, definition) => {
    const input = action.inputs[name]
    const twin = definition.twin ? ` Cluster file: ${definition.twin}.` : ''
    expect(input?.description).toBe(`${definition.description}${twin}`)
    expect(input?.default).toBe(definition.default)
    expect(input?.required ?? false).toBe(definition.required ?? false)
  })

  it('gives no default to an input that the cluster file can say: the runner would overrule the file with it', () => {
    for (const [name, { twin }] of definitions)
      if (twin) expect([name, action.inputs[name]?.default]).toEqual([name, undefined])
  })
})

describe('the cluster file', () => {
  const schema = JSON.parse(readFileSync(join(process.cwd(), 'schemas/cluster.schema.json'), 'utf8'))

  type Node = {
    $ref?: string
    properties?: Record<string, Node>
    additionalProperties?: Node | boolean
    items?: Node
    description?: string
  }
  const follow = (node: Node): Node =>
    node.$ref ? { ...schema.$defs[node.$ref.replace('#/$defs/', '')], ...node } : node

  function schemaAt(twin: string): Node | undefined {
    return twin.split('.').reduce<Node | undefined>((node, part) => {
      const { properties, additionalProperties } = follow(node ?? {})
      const next = part.startsWith('<')
        ? typeof additionalProperties === 'object'
          ? additionalProperties
          : undefined
        : properties?.[part]
      return next && follow(next)
    }, schema)
  }

  it.each(definitions.filter(([, { twin }]) => twin))('has the twin of %s', (name, { twin }) => {
    const node = schemaAt(twin ?? '')
    expect(node).toBeDefined()
    if (name !== 'node') expect(node?.description).toContain(`Input: ${name}`)
  })

  it('describes every one of its fields', () => {
    const walk = (node: Node, place: string): string[] => {
      const { properties = {}, additionalProperties, items, description } = follow(node)
      return [
        ...(description ? [] : [place]),
        ...Object.entries(properties).flatMap(([key, inner]) => walk(inner, `${place}/${key}`)),
        ...(typeof additionalProperties === 'object' && additionalProperties.$ref
          ? walk(additionalProperties, `${place}/*`)
          : []),
        ...(items?.properties ? walk(items, `${place}/*`) : []),
      ]
    }
    expect(walk(schema, '')).toEqual([])
  })
})

describe('the documentation', () => {
  it('has tables that say what action.yml says, for every action', () => {
    expect(readdirSync(join(process.cwd(), 'actions'))).toContain('k3s-join')
    expect(() => generateDocs({ check: true, root: process.cwd() })).not.toThrow()
  })

  it('mentions every input and output', () => {
    const readme = readFileSync(join(process.cwd(), 'actions/k3s-join/README.md'), 'utf8')
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(readme).toContain(`| \`${name}\` |`)
  })
})
