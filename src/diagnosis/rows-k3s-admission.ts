import type { Row } from './model.ts'

const tokenRefused = [
  /failed to retrieve configuration from server: not authorized/,
  /\/v1-k3s\/config: 401 Unauthorized/,
  /token is not valid: /,
]

/** What k3s and the API server say when they do not let a machine in: token, node password, versions, names, labels. */
export const admissionRows: readonly Row[] = [
  {
    id: 'k3s-token-refused',
    code: 'token-refused',
    strength: 'cause',
    matches: tokenRefused,
    title: 'the server refused its token',
    cause:
      'the token in {unit} is unknown to the server, expired, or was deleted before the agent had its own certificate',
    remedy:
      'press the button again: a new token is minted; with a token of your own, mint a fresh one (k3s token create --ttl 10m)',
    link: 'https://docs.k3s.io/cli/token',
    provenance: 'reported',
    seen: 'k3s-io/k3s#11808, #9009; pkg/agent/config/config.go',
    recorded: [
      'level=warning msg="Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized"',
      'level=error msg="failed to get /v1-k3s/config: https://127.0.0.1:6444/v1-k3s/config: 401 Unauthorized"',
      'level=fatal msg="starting kubernetes: preparing server: token is not valid: https://127.0.0.1:6444/apis: 401 Unauthorized"',
    ],
  },
  {
    id: 'k3s-token-spent-node-exists',
    code: 'token-needed-again',
    strength: 'cause',
    matches: tokenRefused,
    when: { nodeExists: true },
    title: 'it is known here already, but its own certificate is no longer accepted, and the token it kept is spent',
    cause:
      'the agent’s client certificate is missing, of another cluster, or ran out while the machine was off (certificates live for a year and are renewed at a start); then only a token helps, and the old one lived for minutes',
    remedy:
      'press the button again: the plan mints a new token and writes it to the host; how long the certificate was good for says sudo openssl x509 -enddate -noout -in /var/lib/rancher/k3s/agent/client-kubelet.crt',
    link: 'https://docs.k3s.io/cli/certificate',
    provenance: 'invented',
    seen: 'our reasoning from pkg/agent/config/config.go; the words are those of k3s-io/k3s#11808; expired after a year off: #4097',
    recorded: [
      'level=warning msg="Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized"',
    ],
  },
  {
    id: 'k3s-unauthorised-after-deletion',
    code: 'token-needed-again',
    strength: 'cause',
    // The agent asks for these with its certificate or its token, and only after its configuration was given to it:
    // no token alone was refused here. It says before, also on a good way, that its certificate was refused.
    matches: [/\/v1-k3s\/(?:serving|client)-kubelet\.crt: 401 Unauthorized/],
    title: 'its Node object was deleted, and the token it kept is spent',
    cause:
      'without the Node the agent’s own certificate is refused; it falls back to the token, which is meant to live for minutes only',
    remedy: 'press the button again: the plan mints a new token and writes it to the host',
    link: 'https://github.com/k3s-io/k3s/issues/7797',
    provenance: 'reported',
    seen: 'k3s-io/k3s#7797; pkg/agent/config/config.go',
    recorded: [
      'level=info msg="Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 401 Unauthorized"',
    ],
  },
  {
    id: 'k3s-ca-hash',
    code: 'ca-hash-mismatch',
    strength: 'cause',
    matches: [/token CA hash does not match the Cluster CA certificate hash: (?<token>\S+) != (?<served>[^\s"]+)/],
    title: 'the token is for another cluster, or somebody else answers for this one',
    cause: 'the CA in the token ({token}) is not the CA that the host was served ({served})',
    remedy:
      'compare both with sha256sum of server-ca.crt on the server; a token of this cluster matches, otherwise find out who answers on that address',
    link: 'https://docs.k3s.io/cli/token',
    provenance: 'reported',
    seen: 'k3s-io/k3s#3727; pkg/clientaccess/token.go',
    recorded: [
      'level=error msg="token CA hash does not match the Cluster CA certificate hash: f08676bf4f7418e46f692f21543118417d2698b7f758027b352dd87cfd6de3ab != 8e7d49c6991960d1a116415d9506f0a15ea3e278538c173b1d9965b62727267d"',
    ],
  },
  {
    id: 'k3s-node-password',
    code: 'node-password-rejected',
    strength: 'cause',
    matches: [/Node password rejected/],
    title: 'its token was accepted, but its name belongs to another machine’s password',
    cause:
      'kube-system/{subject}.node-password.k3s is from an earlier installation, or from another machine that has this name',
    remedy:
      'if it is the same machine: press the button again with replace-node = {subject}; otherwise give this machine another name',
    link: 'https://github.com/k3s-io/k3s/issues/6054',
    provenance: 'reported',
    seen: 'k3s-io/k3s#6054, #3435; pkg/agent/config/config.go',
    recorded: [
      'level=error msg="Node password rejected, duplicate hostname or contents of \'/etc/rancher/node/password\' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag"',
    ],
  },
  {
    id: 'k3s-token-missing',
    code: 'token-missing',
    strength: 'cause',
    matches: [/msg="(?:Error: )?(?:--token is required|token must not be empty)/],
    title: 'the agent was started without a token',
    cause: 'neither the unit’s environment file nor config.yaml has a token that is not empty',
    remedy:
      'press the button again: it writes the environment file; look for an empty token in /etc/rancher/k3s/config.yaml and config.yaml.d',
    link: 'https://docs.k3s.io/cli/token',
    provenance: 'reported',
    seen: 'k3s-io/k3s#1085; pkg/cli/agent/agent.go',
    recorded: ['level=fatal msg="--token is required"', 'level=fatal msg="token must not be empty"'],
  },
  {
    id: 'k3s-token-malformed',
    code: 'token-malformed',
    strength: 'cause',
    matches: [/(?<why>invalid token CA hash length|invalid token format)/],
    title: 'its token is no token of k3s',
    cause: 'k3s says: {why}; a part of it was lost, or something was added, on the way to the host',
    remedy:
      'give token as one line, as k3s token create prints it (K10…::…), or leave it out: then the action mints one',
    link: 'https://docs.k3s.io/cli/token',
    provenance: 'reported',
    seen: 'pkg/clientaccess/token.go',
    recorded: [
      'level=fatal msg="Error: invalid token CA hash length"',
      'level=fatal msg="Error: invalid token format"',
    ],
  },
  {
    id: 'k3s-server-url',
    code: 'server-url-invalid',
    strength: 'cause',
    matches: [
      /msg="(?:Error: )?(?<why>--server is required)/,
      /(?<why>only https:\/\/ URLs are supported, invalid scheme: [^\s"]+)/,
      /(?<why>Initial server URL host is not defined for load balancer)/,
    ],
    title: 'the agent does not understand the address of the server',
    cause: 'k3s says: {why}',
    remedy:
      'write server as https://<name or address>:6443; on the host look for server: in /etc/rancher/k3s/config.yaml and config.yaml.d, which must not contradict it',
    link: 'https://docs.k3s.io/cli/agent',
    provenance: 'reported',
    seen: 'k3s-io/k3s#1964, #1101; pkg/cli/agent/agent.go',
    recorded: [
      'level=fatal msg="--server is required"',
      'level=fatal msg="only https:// URLs are supported, invalid scheme: http://127.0.0.1:40035"',
      'level=fatal msg="Initial server URL host is not defined for load balancer"',
    ],
  },
  {
    id: 'k3s-incompatible-server',
    code: 'agent-newer-than-server',
    strength: 'cause',
    matches: [/incompatible down-level server/, /Cannot configure unknown flannel backend ''/],
    title: 'the agent is newer than the server',
    cause: 'an agent may be as old as three minors, but never newer than its server',
    remedy: 'leave version at match-server, or upgrade the servers first',
    link: 'https://github.com/k3s-io/k3s/issues/2996',
    provenance: 'reported',
    seen: 'k3s-io/k3s#2996, #943',
    recorded: [
      'level=fatal msg="incompatible down-level server detected; servers must be upgraded to at least v1.20.4+k3s-36b8c9fc, or restarted with --disable-network-policy"',
      'level=fatal msg="Cannot configure unknown flannel backend \'\'"',
    ],
  },
  {
    id: 'k3s-agent-too-old',
    code: 'agent-too-old',
    strength: 'cause',
    matches: [/cannot list resource "nodes" in API group "" at the cluster scope/],
    also: [/\/run\/flannel\/subnet\.env/],
    title: 'the agent is too old for this server: its pod network cannot start',
    cause:
      'agents from before January 2025 read all nodes with their own rights; servers from 1.32 on no longer allow that',
    remedy: 'leave version at match-server',
    link: 'https://github.com/k3s-io/k3s/issues/11551',
    provenance: 'reported',
    seen: 'k3s-io/k3s#11551, #12819; flannel-io/flannel#2267',
    recorded: [
      'W0725 10:19:22.312273       1 reflector.go:561] pkg/mod/k8s.io/client-go@v0.31.11/tools/cache/reflector.go:243: failed to list *v1.Node: nodes is forbidden: User "system:node:node4.domain.com" cannot list resource "nodes" in API group "" at the cluster scope: node \'node4.domain.com\' cannot read all nodes, only its own Node object',
      'plugin type="flannel" failed (add): failed to load flannel \'subnet.env\' file: open /run/flannel/subnet.env: no such file or directory. Check the flannel pod log for this node.',
    ],
  },
  {
    id: 'node-name-invalid',
    code: 'node-name-invalid',
    strength: 'cause',
    matches: [/Node "(?<name>[^"]{1,253})" is invalid: metadata\.name: Invalid value/],
    title: '{name} is no name for a node',
    cause: 'a node’s name has lower-case letters, digits, - and . only; k3s takes the host’s name when none is given',
    remedy: 'set node-name (lower case, no underscore) and press the button again, or rename the host: hostnamectl',
    link: 'https://github.com/k3s-io/k3s/issues/10794',
    provenance: 'reported',
    seen: 'k3s-io/k3s#10794; xunleii/terraform-module-k3s#44',
    recorded: [
      'E0902 08:27:59.957608   11918 kubelet_node_status.go:96] "Unable to register node with API server" err="Node \\"rpi_node1\\" is invalid: metadata.name: Invalid value: \\"rpi_',
      'E0210 09:18:24.566878    7199 kubelet_node_status.go:93] Unable to register node "server_one" with API server: Node "server_one" is invalid: metadata.name: Invalid value: "server_one": a DNS-1123 subdomain must consist of lower case alphanumeric characters, \'-\' or \'.\', and must start and end with an alphanumeric character',
    ],
  },
  {
    id: 'label-forbidden',
    code: 'restricted-label',
    strength: 'cause',
    matches: [/is forbidden: is not allowed to modify labels: (?<labels>[^\s"]+)/],
    title: 'the API server does not let the node give itself the label {labels}',
    cause:
      'a node may not set labels of kubernetes.io, k8s.io or node-restriction.kubernetes.io on itself, except a few',
    remedy:
      'take {labels} out of the unit’s or the config files’ node-label; give it as labels of this action, which sets it through the API',
    link: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction',
    provenance: 'reported',
    seen: 'siderolabs/talos#6750; kubernetes plugin/pkg/admission/noderestriction, k3s pkg/agent/run.go',
    recorded: [
      'level=error msg="Failed to set annotations and labels on node calypso: nodes \\"calypso\\" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/gpu"',
    ],
  },
  {
    id: 'admission-denied',
    code: 'admission-denied',
    strength: 'cause',
    matches: [
      /Unable to register node with API server" err=".{0,200}?admission webhook "(?<webhook>[^"\\]+)" denied the request:? ?(?<why>[^"\\]{0,300})/,
    ],
    title: 'the admission webhook {webhook} does not let the node into the cluster',
    cause: 'a policy of this cluster denied the Node object, and says: {why}',
    remedy:
      'read the policy behind kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations; give the labels or taints that it asks for, or exempt nodes from it',
    provenance: 'invented',
    seen: 'the frame is of kubernetes pkg/kubelet/kubelet_node_status.go, the words inside of the API server’s admission webhooks',
    recorded: [
      'E1121 08:06:08.000000 2064 kubelet_node_status.go:107] "Unable to register node with API server" err="admission webhook \\"validate.nodes.example.com\\" denied the request: nodes need the label team" node="calypso"',
    ],
  },
]
