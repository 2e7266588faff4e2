import { fenced } from './markdown.ts'
import { label } from './mermaid.ts'
import type { TopologyNode, TopologyPath, Verdict, Verification } from './model.ts'

/** More than this is no picture any more. */
const mostNodes = 24
const mostPaths = 12

const signs: Readonly<Record<Verdict, string>> = { pass: '✅', warn: '⚠️', fail: '❌', error: '❔', skip: '➖' }
const badness: Readonly<Record<Verdict, number>> = { fail: 0, error: 1, warn: 2, skip: 3, pass: 4 }

function box(id: string, verdict: Verdict, name: string, words: readonly string[]): string {
  const below = words.slice(0, 4).map((word) => label(word, 40))
  return `  ${id}["${[`${signs[verdict]} ${label(name)}`, ...below].join('<br>')}"]:::${verdict}`
}

/** What is not well first, then servers, so that what is left out is the least. */
function nodesShown(nodes: readonly TopologyNode[]): readonly TopologyNode[] {
  return nodes
    .toSorted(
      (a, b) =>
        badness[a.verdict] - badness[b.verdict] ||
        Number(b.isServer) - Number(a.isServer) ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    )
    .slice(0, mostNodes)
}

/** A Mermaid flowchart: how the runner reaches the API server, the nodes, and how clients reach each Triton server and its GPU. */
export function renderTopology(topology: Verification['topology']): string {
  const { tunnel, server, nodes, paths } = topology
  if (nodes.length === 0 && paths.length === 0) return ''
  const shown = nodesShown(nodes)
  const ids = new Map(shown.map((node, index) => [node.name, `n${index}`]))
  const left = nodes.length - shown.length
  const api = `  api["API server<br>${label(server)}"]`
  const lines = [
    'flowchart LR',
    '  runner(["runner"])',
    api,
    ...(tunnel === ''
      ? ['  runner --> api']
      : [`  tunnel["SSH tunnel<br>${label(tunnel)}"]`, '  runner --> tunnel --> api']),
    ...shown.flatMap((node, index) => [
      box(`n${index}`, node.verdict, node.name, [...(node.isServer ? ['server'] : []), ...node.words]),
      `  api --- n${index}`,
    ]),
    ...(left > 0 ? [`  rest["${left} more, none worse"]`, '  api --- rest'] : []),
    ...pathLines(paths.slice(0, mostPaths), ids),
    '  classDef pass stroke:#1a7f37',
    '  classDef warn stroke:#9a6700,stroke-width:2px',
    '  classDef fail stroke:#d1242f,stroke-width:3px',
    '  classDef error stroke:#8250df,stroke-width:2px,stroke-dasharray:4',
    '  classDef skip stroke-dasharray:4',
  ]
  return fenced('mermaid', lines.join('\n'))
}

function pathLines(paths: readonly TopologyPath[], ids: ReadonlyMap<string, string>): readonly string[] {
  if (paths.length === 0) return []
  const hosts = [...new Set(paths.map((path) => path.host))]
  return [
    '  clients(["clients"])',
    ...hosts.flatMap((host, index) => {
      const isGuarded = paths.some((path) => path.host === host && path.guard === 'cloudflare')
      const name = `  h${index}["${label(host)}"]`
      return isGuarded
        ? [name, `  g${index}["Cloudflare Access"]`, `  clients --> g${index} -->|tunnel| h${index}`]
        : [name, `  clients --> h${index}`]
    }),
    ...paths.flatMap((path, index) => {
      const node = ids.get(path.node)
      return [
        box(`m${index}`, path.verdict, path.model, ['Triton', ...path.words]),
        `  h${hosts.indexOf(path.host)} --> m${index}`,
        ...(node === undefined ? [] : [`  m${index} -.-> ${node}`]),
      ]
    }),
  ]
}
