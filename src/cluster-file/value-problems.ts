import type { YamlText } from './document.ts'
import { extraConfigComplaints } from './extra-config.ts'
import type { Place } from './file.ts'
import {
  checkId,
  checkPattern,
  hostAddress,
  httpUrl,
  imageReference,
  invisibleCharacter,
  ipAddress,
  ipAddresses,
  kernelModule,
  keyFingerprint,
  mountFolder,
  namespaceName,
  nodeName,
  packageName,
  repositoryUrl,
  serverUrl,
  singleLine,
  stackName,
  sysctlKey,
  sysctlValue,
  toolkitVersion,
  unitName,
  userName,
  versionOf,
  workspaceFolder,
} from './grammar.ts'
import { fingerprintComplaint, knownHostsComplaints } from './host-keys.ts'
import { isComplaint, labelKey, labelValue, readTaint } from './labels.ts'
import { type Complaint, type Grammar, type Problem, quote } from './problem.ts'
import { valueAt } from './schema-problems.ts'

/** What the text at a place must look like; `*` stands for any key or index. */
function grammars(distribution: 'k3s' | 'kubeadm'): Readonly<Record<string, Grammar>> {
  const version = versionOf(distribution)
  const gpuRuntime = {
    'toolkit-version': toolkitVersion,
    repository: repositoryUrl,
    'repository-keys/*': keyFingerprint,
    'device-plugin-image': imageReference,
    'ignore-checks/*': checkId,
  }
  const ofGpuRuntime = Object.entries(gpuRuntime).flatMap(([key, grammar]) => [
    [`/gpu-runtime/${key}`, grammar],
    [`/nodes/*/gpu-runtime/${key}`, grammar],
  ])
  return {
    ...Object.fromEntries(ofGpuRuntime),
    '/name': nodeName,
    '/version': version,
    '/api/server': serverUrl,
    '/api/tunnel/host': hostAddress,
    '/api/tunnel/user': userName,
    '/api/tunnel/host-key-fingerprint': fingerprintComplaint,
    '/api/tunnel/host-key-fingerprint/*': fingerprintComplaint,
    '/kubeconfig/path': singleLine,
    '/kubeconfig/context': singleLine,
    '/join/ignore-checks/*': checkId,
    '/nodes/*/address': ipAddress,
    '/nodes/*/version': version,
    '/nodes/*/node-ip': ipAddresses,
    '/nodes/*/node-external-ip': ipAddresses,
    '/nodes/*/packages/*': packageName,
    '/nodes/*/services/*': unitName,
    '/nodes/*/modules/*': kernelModule,
    '/nodes/*/sysctl/*': sysctlValue,
    '/nodes/*/storage/disk': mountFolder,
    '/nodes/*/labels/*': labelValue,
    '/nodes/*/taints/*': (text) => {
      const taint = readTaint(text)
      return isComplaint(taint) ? taint : undefined
    },
    '/nodes/*/join/ignore-checks/*': checkId,
    '/verify/ignore-checks/*': checkId,
    '/verify/severity/*/check': checkPattern,
    '/verify/severity/*/namespace': namespaceName,
    '/verify/namespace': namespaceName,
    '/verify/gpu-image': imageReference,
    '/verify/probe-image': imageReference,
    '/verify/storage/class': nodeName,
    '/verify/endpoints/*/node': nodeName,
    '/verify/monitoring/node-jobs/*': singleLine,
    '/verify/triton/*/url': httpUrl,
    '/verify/triton/*/model': singleLine,
    '/verify/triton/*/node': nodeName,
    '/verify/triton/*/metrics': httpUrl,
    '/verify/endpoints/*/url': httpUrl,
    '/deploy/stack': stackName,
    '/deploy/working-directory': workspaceFolder,
    '/nodes/*/ssh/host': hostAddress,
    '/nodes/*/ssh/user': userName,
    '/nodes/*/ssh/private-key-file': singleLine,
    '/nodes/*/ssh/host-key-fingerprint': fingerprintComplaint,
    '/nodes/*/ssh/host-key-fingerprint/*': fingerprintComplaint,
  }
}

/** Texts of several lines; extra-config is judged as a whole. */
const judgedElsewhere = [
  /^\/(nodes\/\*\/ssh|api\/tunnel)\/known-hosts$/,
  /^\/nodes\/\*\/extra-config/,
  // What a model is asked and answers may be any text.
  /^\/verify\/triton\/\*\/golden/,
]

interface Leaf {
  readonly place: Place
  readonly pattern: string
  readonly text: string
}

/** Every text of the file; keys below `nodes`, `labels` and in lists are `*` in the pattern. */
function* texts(value: unknown, place: Place = [], pattern = ''): Generator<Leaf> {
  if (typeof value === 'string') yield { place, pattern, text: value }
  else if (Array.isArray(value))
    for (const [index, inner] of value.entries()) yield* texts(inner, [...place, index], `${pattern}/*`)
  else if (value !== null && typeof value === 'object') {
    const isOpen = pattern === '/nodes' || pattern === '/nodes/*/labels' || pattern === '/nodes/*/sysctl'
    for (const [key, inner] of Object.entries(value))
      yield* texts(inner, [...place, key], `${pattern}/${isOpen ? '*' : key}`)
  }
}

function entries(content: unknown, place: Place): [string, unknown][] {
  const value = valueAt(content, place)
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : []
}

function knownHostsProblems(yaml: YamlText, place: Place): readonly Problem[] {
  const text = valueAt(yaml.content, place)
  if (typeof text !== 'string') return []
  return knownHostsComplaints(text).map(({ line, text: content, ...complaint }) => ({
    input: yaml.at(place),
    value: quote(content),
    ...complaint,
    problem: `line ${line} ${complaint.problem}`,
  }))
}

function nodeProblems(yaml: YamlText, name: string, distribution: 'k3s' | 'kubeadm'): readonly Problem[] {
  const place = ['nodes', name]
  const about = (part: Place, kind: 'key' | 'value', value: string, complaint: Complaint | undefined): Problem[] =>
    complaint ? [{ input: yaml.at([...place, ...part], kind), value: quote(value), ...complaint }] : []
  const taints = valueAt(yaml.content, [...place, 'taints'])
  const identities = (Array.isArray(taints) ? taints : []).map((text) =>
    typeof text === 'string' ? text.replace(/=[^:]*/, '') : '',
  )
  const extra = valueAt(yaml.content, [...place, 'extra-config'])
  return [
    ...about([], 'key', name, nodeName(name)),
    ...entries(yaml.content, [...place, 'labels']).flatMap(([key]) =>
      about(['labels', key], 'key', key, labelKey(key)),
    ),
    ...entries(yaml.content, [...place, 'sysctl']).flatMap(([key]) =>
      about(['sysctl', key], 'key', key, sysctlKey(key)),
    ),
    ...identities.flatMap((identity, index) =>
      identity !== '' && identities.indexOf(identity) < index
        ? about(['taints', index], 'value', String((taints as unknown[])[index]), {
            problem: 'repeats a taint',
            allowed: 'one taint for each key and effect',
          })
        : [],
    ),
    ...(extra === undefined
      ? []
      : extraConfigComplaints(extra, distribution).map(({ key, ...complaint }) => ({
          input: yaml.at([...place, 'extra-config', ...(key === undefined ? [] : [key])], 'key'),
          ...(key === undefined ? {} : { value: quote(key) }),
          ...complaint,
        }))),
    ...knownHostsProblems(yaml, [...place, 'ssh', 'known-hosts']),
  ]
}

/** What is wrong with the values of a cluster file, whatever its shape is. */
export function valueProblems(yaml: YamlText): readonly Problem[] {
  const { content } = yaml
  const distribution = valueAt(content, ['distribution']) === 'kubeadm' ? 'kubeadm' : 'k3s'
  const byPlace = grammars(distribution)
  const leaves = [...texts(content)].flatMap(({ place, pattern, text }): Problem[] => {
    if (judgedElsewhere.some((elsewhere) => elsewhere.test(pattern))) return []
    const character = invisibleCharacter(text)
    const complaint = character
      ? { problem: `contains the invisible character ${character}`, allowed: 'printable text of one line' }
      : byPlace[pattern]?.(text)
    return complaint ? [{ input: yaml.at(place), value: quote(text), ...complaint }] : []
  })
  const nodes = entries(content, ['nodes']).flatMap(([name]) => nodeProblems(yaml, name, distribution))
  return [...leaves, ...nodes, ...knownHostsProblems(yaml, ['api', 'tunnel', 'known-hosts'])]
}
