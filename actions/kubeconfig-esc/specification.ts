import type { InputSpecification } from '../input-specification.ts'
import { identityInputs } from '../pulumi-identity.ts'

/** Minutes, hours and days in milliseconds. */
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Every input of kubeconfig-esc. References, properties and addresses are judged together with those of the cluster file. */
export const specification = {
  environment: {
    type: 'string',
    description:
      'Pulumi ESC environment, organization/project/environment, with @revision or @tag where another than the latest is meant. Two parts need the input organization.',
    twin: 'kubeconfig.esc',
  },
  organization: {
    type: 'string',
    description: 'Pulumi organization, for an environment that is written in two parts.',
  },
  property: {
    type: 'list',
    description:
      'Properties that may hold the kubeconfig, one a line; the first that exists is taken. Default: pulumiConfig["<environment>:kubeconfig"] and pulumiConfig["<project>:kubeconfig"], then files.KUBECONFIG, then environmentVariables.KUBECONFIG.',
    twin: 'kubeconfig.property',
  },
  'read-only-property': {
    type: 'list',
    description:
      'Properties of a kubeconfig that may only read, for jobs that verify; taken in place of property when purpose is verify.',
    twin: 'kubeconfig.read-only-property',
  },
  'deploy-property': {
    type: 'list',
    description:
      'Properties of a kubeconfig for deployments, which need more than joins do; taken in place of property when purpose is deploy.',
    twin: 'kubeconfig.deploy-property',
  },
  'remove-property': {
    type: 'list',
    description:
      'Properties of a kubeconfig that may take nodes out of the cluster, one a line; taken in place of property when purpose is remove.',
    twin: 'kubeconfig.remove-property',
  },
  files: {
    type: 'lines',
    description:
      'Further properties to place as files of mode 0600, NAME=property, one a line. Their paths come back in the output files.',
  },
  kubeconfig: {
    type: 'path',
    description:
      'Path of a kubeconfig on the runner, in place of an ESC environment: the same checks, the same private copy.',
    twin: 'kubeconfig.path',
  },
  'cluster-file': {
    type: 'path',
    description:
      'Path of the cluster file in the workspace, e.g. clusters/oceanid.yaml. An input wins over what the file says.',
  },
  node: {
    type: 'string',
    description:
      'Name of a node in the cluster file: the SSH key that its ssh.private-key-property names is placed as the file ssh-private-key.',
  },
  ...identityInputs,
  expiration: {
    type: 'duration',
    minimum: minute,
    maximum: day,
    default: '15m',
    description: 'How long the exchanged token lives. It is used for seconds.',
  },
  context: {
    type: 'string',
    description: 'Context of the kubeconfig; nothing else of it is written. Default: its current context.',
    twin: 'kubeconfig.context',
  },
  namespace: {
    type: 'string',
    description: 'Namespace to write into the context. Default: what the kubeconfig says.',
    twin: 'kubeconfig.namespace',
  },
  server: {
    type: 'string',
    description:
      'Address of the API server to write in place of what the kubeconfig says, https://host:port. Default: what the kubeconfig says.',
    twin: 'kubeconfig.server',
  },
  'tls-server-name': {
    type: 'string',
    description:
      "Name to verify the server's certificate against, where the address is not in it. Default: what the kubeconfig says.",
    twin: 'kubeconfig.tls-server-name',
  },
  connect: {
    type: 'enum',
    choices: ['direct', 'tunnel', 'auto'],
    description:
      'How the API server is reached: direct; tunnel, over SSH; auto: through the tunnel only when the server cannot be reached without. Default: auto with a tunnel host, else direct.',
    twin: 'kubeconfig.connect',
  },
  'tunnel-host': {
    type: 'string',
    description: 'Name or address of the SSH server of the tunnel.',
    twin: 'api.tunnel.host',
  },
  'tunnel-port': {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    description: 'Port of that SSH server. Default: 22.',
    twin: 'api.tunnel.port',
  },
  'tunnel-user': {
    type: 'string',
    description: 'User to log in as there; it needs no shell.',
    twin: 'api.tunnel.user',
  },
  'tunnel-key': {
    type: 'lines',
    secret: true,
    description: 'Private key for the tunnel, as text from a secret. It has no passphrase.',
    twin: 'api.tunnel.private-key-property',
  },
  'known-hosts': {
    type: 'lines',
    description: "known_hosts lines that pin the host key of the tunnel's SSH server: without them there is no tunnel.",
    twin: 'api.tunnel.known-hosts',
  },
  'local-port': {
    type: 'integer',
    minimum: 1024,
    maximum: 65_535,
    description:
      'Port on the runner at which the tunnel begins. Fixed, because Pulumi replaces a provider when its server changes. Default: 16443.',
    twin: 'api.tunnel.local-port',
  },
  'expect-ca-sha256': {
    type: 'string',
    description: "SHA-256 of the cluster's CA certificate, in hex: another cluster is refused.",
    twin: 'kubeconfig.expect-ca-sha256',
  },
  'expect-cluster-uid': {
    type: 'string',
    description: 'UID of the namespace kube-system: another cluster is refused.',
    twin: 'kubeconfig.expect-cluster-uid',
  },
  'min-validity': {
    type: 'duration',
    minimum: 0,
    maximum: 3650 * day,
    description:
      'How long the credentials must still be valid, e.g. 6h or 30d. Default: 6h, the longest that a job of GitHub runs.',
    twin: 'kubeconfig.min-validity',
  },
  'allow-exec': {
    type: 'list',
    description:
      'Commands that the kubeconfig may run for its credentials, e.g. aws. None by default: they run with the rights of this runner.',
  },
  purpose: {
    type: 'enum',
    choices: ['any', 'join', 'remove', 'verify', 'deploy'],
    default: 'any',
    description:
      'What later steps will do; the rights for it are asked of the API server. join: k3s-join; remove: k3s-join with state absent; verify: reading only; deploy: everything; any: nothing is asked.',
  },
  'export-env': {
    type: 'boolean',
    default: 'true',
    description:
      'Export KUBECONFIG to later steps of the job. When loading fails it is led to a file that does not exist, so that no later step meets another cluster.',
  },
  'ignore-checks': {
    type: 'list',
    description:
      'Checks that are reported but stop nothing, by id, e.g. kubeconfig.credentials; docs/checks.md lists them.',
  },
  'dry-run': {
    type: 'boolean',
    default: 'false',
    description: 'Check everything, write and export nothing.',
  },
} as const satisfies InputSpecification
