import { type ClusterFileNode, type NodeValues, type Problem, quote } from '../src/cluster-file/index.ts'
import { InputFiles } from './input-files.ts'
import type { InputSpecification, InputValues } from './input-specification.ts'
import { privateKeyComplaint } from './private-key.ts'

/** Inputs of every action that asks a cluster. */
export const clusterInputs = {
  'cluster-file': {
    type: 'path',
    description:
      'Path of the cluster file in the workspace, e.g. clusters/oceanid.yaml. An input wins over what the file says; the summary tells where each value came from.',
  },
  kubeconfig: {
    type: 'path',
    description: 'Path of a kubeconfig on the runner, never its content. Default: $KUBECONFIG.',
    twin: 'kubeconfig.path',
  },
  context: {
    type: 'string',
    description: 'Context of the kubeconfig. Default: its current context.',
    twin: 'kubeconfig.context',
  },
} as const satisfies InputSpecification

/** Inputs of every action that works on one node of a cluster and its host. Values are judged together with those of the cluster file. */
export const hostInputs = {
  'cluster-file': clusterInputs['cluster-file'],
  node: {
    type: 'string',
    required: true,
    description: 'Name of the node in the cluster, and in the cluster file.',
    twin: 'nodes.<node>',
  },
  host: {
    type: 'string',
    description: 'Name or address of the machine, for SSH.',
    twin: 'nodes.<node>.ssh.host',
  },
  port: {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    description: 'Port of its SSH server. Default: 22.',
    twin: 'nodes.<node>.ssh.port',
  },
  user: {
    type: 'string',
    description: 'User to log in as: root, or one who may use sudo.',
    twin: 'nodes.<node>.ssh.user',
  },
  transport: {
    type: 'enum',
    choices: ['ssh', 'local'],
    description:
      'How the machine is reached: ssh, or local when the workflow runs on the machine itself. Default: ssh.',
    twin: 'nodes.<node>.transport',
  },
  'ssh-private-key': {
    type: 'lines',
    secret: true,
    description: 'Private key for the machine, as text from a secret. It has no passphrase.',
    twin: 'nodes.<node>.ssh.private-key-property',
  },
  'ssh-private-key-file': {
    type: 'path',
    description: 'Path of the private key on the runner, instead of its text.',
    twin: 'nodes.<node>.ssh.private-key-file',
  },
  'known-hosts': {
    type: 'lines',
    description:
      "known_hosts lines that pin the machine's host key. This or host-key-fingerprint is needed: without a pin there is no connection.",
    twin: 'nodes.<node>.ssh.known-hosts',
  },
  'host-key-fingerprint': {
    type: 'list',
    description:
      "SHA256 fingerprint of the machine's host key, or several, as ssh-keygen -lf prints them on its console.",
    twin: 'nodes.<node>.ssh.host-key-fingerprint',
  },
  'sudo-password': {
    type: 'string',
    secret: true,
    description: 'Password for sudo, from a secret, where sudo asks for one. It travels by standard input only.',
  },
  kubeconfig: clusterInputs.kubeconfig,
  context: clusterInputs.context,
} as const satisfies InputSpecification

export type HostValues = InputValues<typeof hostInputs>

const sshOnly = [
  'host',
  'port',
  'user',
  'ssh-private-key',
  'ssh-private-key-file',
  'known-hosts',
  'host-key-fingerprint',
] as const

/** Inputs of a connection that nobody makes. */
export function transportContradictions(values: HostValues, transport: 'ssh' | 'local'): readonly Problem[] {
  return sshOnly
    .filter((name) => transport === 'local' && values[name] !== undefined)
    .map((input) => ({
      input,
      problem: 'is given, but with transport local nothing is reached over SSH',
      allowed: 'leave it out, or use transport ssh',
    }))
}

/** Whether something is really missing, or only because the input that says it has a problem of its own. */
export function isReallyMissing(missing: Problem, problems: readonly Problem[]): boolean {
  const sayers = ['transport', missing.input, ...(missing.input === 'ssh-private-key' ? ['ssh-private-key-file'] : [])]
  return !problems.some(({ input }) => sayers.includes(input))
}

/** The inputs that say which node is meant, and how its host is reached, as `resolveNode` takes them. */
export function hostValues(values: HostValues, privateKey: string | undefined): NodeValues {
  return {
    node: values.node,
    transport: values.transport,
    host: values.host,
    port: values.port,
    user: values.user,
    privateKey,
    knownHosts: values['known-hosts'],
    hostKeyFingerprints: values['host-key-fingerprint'],
    sudoPassword: values['sudo-password'],
  } as NodeValues
}

/** Reads what the inputs that name a host and a kubeconfig point to. */
export class HostInputFiles extends InputFiles {
  /** Text of the private key, normalised: from the input, the file that the input names, or the file that the cluster file names. */
  privateKey(values: HostValues, node: ClusterFileNode): string | undefined {
    const given = values['ssh-private-key']
    const givenPath = values['ssh-private-key-file']
    if (given !== undefined && givenPath !== undefined) {
      this.problems.push({
        input: 'ssh-private-key-file',
        value: quote(givenPath),
        problem: 'is given besides `ssh-private-key`',
        allowed: 'one of the two',
      })
    }
    const input = given === undefined ? 'ssh-private-key-file' : 'ssh-private-key'
    const path = givenPath ?? node.ssh?.['private-key-file']
    const text = given ?? (path === undefined ? undefined : this.file(input, path))
    if (text === undefined) return undefined
    this.runner.mask(text)
    // Keys come from Windows editors and from inputs, which are trimmed; parsers want line feeds and a last one.
    const key = text.replaceAll(/\r\n?/g, '\n').trim()
    const complaint = privateKeyComplaint(key)
    if (complaint) this.problems.push({ input, ...complaint })
    return `${key}\n`
  }
}
