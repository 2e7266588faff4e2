import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NoOperationTraceWriter } from '@actions/workflow-parser'
import { parseAction } from '@actions/workflow-parser/actions/action-parser'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { specification as deployStack } from '../../actions/deploy-stack/specification.ts'
import { specification as gpuRuntime } from '../../actions/gpu-runtime/specification.ts'
import type { InputSpecification } from '../../actions/input-specification.ts'
import { specification as k3sJoin } from '../../actions/k3s-join/specification.ts'
import { specification as kubeconfigEsc } from '../../actions/kubeconfig-esc/specification.ts'
import { specification as verifyCluster } from '../../actions/verify-cluster/specification.ts'
import { generateDocs } from '../../scripts/docs.ts'

interface ActionFile {
  readonly inputs: Record<string, { description: string; default?: string; required?: boolean }>
  readonly outputs: Record<string, { description: string }>
  readonly runs: Record<string, string>
}

/** What is promised: a name that goes, or comes, is a change for everybody who uses the action. */
const promised = [
  {
    name: 'deploy-stack',
    specification: deployStack as InputSpecification,
    inputs: [
      'command',
      'cluster-file',
      'stack',
      'working-directory',
      'package-manager',
      'kubeconfig',
      'cluster-uid',
      'expect-ca-sha256',
      'expect-cluster-uid',
      'bind-plan',
      'refresh',
      'access-token',
      'token-type',
      'scope',
      'expiration',
      'backend-url',
      'config-passphrase',
      'pass-environment',
      'timeout',
      'report-directory',
      'from-report',
      'pull-request',
      'github-token',
      'dry-run',
    ],
    outputs: ['result', 'changed', 'changes', 'url', 'outputs', 'comment-url', 'failure-code', 'report'],
  },
  {
    name: 'gpu-runtime',
    specification: gpuRuntime as InputSpecification,
    inputs: [
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
      'toolkit',
      'toolkit-version',
      'repository',
      'repository-keys',
      'hold-packages',
      'device-plugin',
      'device-plugin-image',
      'replace-device-plugin',
      'default-runtime',
      'quarantine-template',
      'expect-gpus',
      'expect-product',
      'allow-gpu-disruption',
      'ignore-checks',
      'fail-on',
      'timeout',
      'dry-run',
    ],
    outputs: [
      'result',
      'changed',
      'restarted',
      'restart-reason',
      'gpu-count',
      'gpu-products',
      'driver-version',
      'toolkit-version',
      'allocatable',
      'plan',
      'node-name',
      'failure-code',
      'report',
      'evidence',
    ],
  },
  {
    name: 'k3s-join',
    specification: k3sJoin as InputSpecification,
    inputs: [
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
      'state',
      'distribution',
      'server',
      'version',
      'labels',
      'taints',
      'node-ip',
      'node-external-ip',
      'extra-config',
      'profile',
      'packages',
      'services',
      'modules',
      'sysctl',
      'storage-disk',
      'token',
      'allow-server-token',
      'adopt',
      'allow-gpu-disruption',
      'replace-node',
      'remove-node',
      'drain-timeout',
      'ignore-daemonsets',
      'delete-emptydir-data',
      'delete-unmanaged-pods',
      'host-gone',
      'ignore-checks',
      'fail-on',
      'timeout',
      'dry-run',
      'verify',
      'github-token',
    ],
    outputs: [
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
    ],
  },
  {
    name: 'kubeconfig-esc',
    specification: kubeconfigEsc as InputSpecification,
    inputs: [
      'environment',
      'organization',
      'property',
      'read-only-property',
      'deploy-property',
      'remove-property',
      'files',
      'kubeconfig',
      'cluster-file',
      'node',
      'access-token',
      'token-type',
      'scope',
      'expiration',
      'backend-url',
      'context',
      'namespace',
      'server',
      'tls-server-name',
      'connect',
      'tunnel-host',
      'tunnel-port',
      'tunnel-user',
      'tunnel-key',
      'known-hosts',
      'local-port',
      'expect-ca-sha256',
      'expect-cluster-uid',
      'min-validity',
      'allow-exec',
      'purpose',
      'export-env',
      'ignore-checks',
      'dry-run',
    ],
    outputs: [
      'result',
      'kubeconfig',
      'context',
      'server',
      'ca-sha256',
      'cluster-uid',
      'expires-at',
      'days-left',
      'revision',
      'reachable',
      'files',
      'failure-code',
      'report',
    ],
  },
  {
    name: 'verify-cluster',
    specification: verifyCluster as InputSpecification,
    inputs: [
      'cluster-file',
      'kubeconfig',
      'context',
      'mode',
      'suites',
      'nodes',
      'joining',
      'expect-nodes',
      'expect-version',
      'expect-gpus',
      'expect-flux',
      'expect-gpu-proof',
      'expect-p95',
      'triton-url',
      'triton-model',
      'triton-access',
      'triton-headers',
      'access-client-id',
      'access-client-secret',
      'gpu-image',
      'probe-image',
      'storage-class',
      'namespace',
      'fail-on',
      'ignore-checks',
      'retries',
      'timeout',
      'report-directory',
      'previous-report',
      'from-report',
      'issue',
      'issue-labels',
      'github-token',
      'watch-workflow',
      'watch-age',
      'watch-schedule',
      'dry-run',
    ],
    outputs: [
      'verdict',
      'passed',
      'warned',
      'failed',
      'skipped',
      'failed-checks',
      'new-failures',
      'fixed',
      'gpu-verdict',
      'triton-p95-ms',
      'report',
      'junit',
      'metrics',
      'issue-url',
      'result',
      'failure-code',
    ],
  },
]
const definitions = promised.flatMap(({ specification }) => Object.entries(specification))
const textOf = (name: string): string => readFileSync(join(process.cwd(), 'actions', name, 'action.yml'), 'utf8')

function githubErrors(content: string): string[] {
  const { context } = parseAction({ name: 'action.yml', content }, new NoOperationTraceWriter())
  return context.errors.getErrors().map((error) => error.message)
}

it('knows every action', () => {
  const actions = globSync('actions/*/action.yml').map((path) => path.split('/')[1])
  expect(promised.map(({ name }) => name)).toEqual(actions.sort())
})

describe.each(promised)('actions/$name/action.yml', ({ name, specification, inputs, outputs }) => {
  const text = textOf(name)
  const action = parse(text) as ActionFile

  it("is an action for GitHub's own parser, which would see a wrong key", () => {
    expect(githubErrors(text)).toEqual([])
    expect(githubErrors(text.replace('  main:', '  mainn:'))).not.toEqual([])
  })

  it('has exactly the inputs and outputs that are promised', () => {
    expect(Object.keys(action.inputs)).toEqual(inputs)
    expect(Object.keys(action.outputs)).toEqual(outputs)
  })

  it('runs the committed stubs, and post always where there is something left to do', () => {
    const hasPost = globSync(`actions/${name}/post.ts`).length === 1
    expect(action.runs).toEqual({
      using: 'node24',
      main: `../../dist/${name}/index.js`,
      ...(hasPost ? { post: `../../dist/${name}/post.js`, 'post-if': 'always()' } : {}),
    })
  })

  it.each(Object.entries(specification))('says of %s what the specification says', (input, definition) => {
    const written = action.inputs[input]
    const twin = definition.twin ? ` Cluster file: ${definition.twin}.` : ''
    expect(written?.description).toBe(`${definition.description}${twin}`)
    expect(written?.default).toBe(definition.default)
    expect(written?.required ?? false).toBe(definition.required ?? false)
  })

  it('gives no default to an input that the cluster file can say: the runner would overrule the file with it', () => {
    for (const [input, { twin }] of Object.entries(specification))
      if (twin) expect([input, action.inputs[input]?.default]).toEqual([input, undefined])
  })

  it('mentions every input and output in its README', () => {
    const readme = readFileSync(join(process.cwd(), 'actions', name, 'README.md'), 'utf8')
    for (const one of [...inputs, ...outputs]) expect(readme).toContain(`| \`${one}\` |`)
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
      const { properties, additionalProperties, items } = follow(node ?? {})
      const next = part.startsWith('<')
        ? typeof additionalProperties === 'object'
          ? additionalProperties
          : items
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
    expect(() => generateDocs({ check: true, root: process.cwd() })).not.toThrow()
  })
})
