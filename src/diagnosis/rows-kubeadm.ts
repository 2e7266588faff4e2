import type { Row } from './model.ts'

const docs = 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/troubleshooting-kubeadm/'
const observed = { strength: 'cause', provenance: 'observed', link: docs } as const
/** Where a word of Go's or the API server's stands in a line of others as well, these rows ask for kubeadm's frame besides. */
const clusterInfo = /failed to request the cluster-info ConfigMap: /

/** What kubeadm says when it does not join: discovery, what the token may, its own preflight, the kubelet that it waits for. */
export const kubeadmRows: readonly Row[] = [
  {
    ...observed,
    id: 'kubeadm-token-unknown',
    code: 'kubeadm-token-unknown',
    matches: [/could not find a JWS signature in the cluster-info ConfigMap for token ID "(?<token>[^"]{1,16})"/],
    title: 'the cluster does not vouch for the token {token}',
    cause:
      'it is unknown, has expired, or was made without usage-bootstrap-signing: kubeadm says the same of all three',
    remedy:
      'press the button again, which mints a new one; of a given token: kubeadm token list on a control plane says which it is. When it stays: the controller bootstrapsigner does not run, or the clocks differ',
    seen: 'kubeadm/20-unknown-token, kubeadm/22-expired, kubeadm/26-nosign',
    recorded: [
      'error execution phase preflight: couldn\'t validate the identity of the API Server: could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-token-wrong',
    code: 'kubeadm-token-wrong',
    matches: [/failed to verify JWS signature of received cluster info object/],
    title: 'the token has the right id and another secret',
    cause: 'the cluster signed with the secret that it knows of this token, which is not the one that was given',
    remedy: 'press the button again, which mints a new one; of a given token: take it anew from the control plane',
    seen: 'kubeadm/21-wrong-secret',
    recorded: [
      "error execution phase preflight: couldn't validate the identity of the API Server: failed to verify JWS signature of received cluster info object, can't trust this API Server",
    ],
  },
  {
    ...observed,
    id: 'kubeadm-ca-hash',
    code: 'kubeadm-ca-mismatch',
    matches: [
      /cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "(?<hash>sha256:[0-9a-f]{64})" are pinned/,
    ],
    title: 'the authority in kube-public/cluster-info is not that of the kubeconfig',
    cause:
      'cluster-info holds {hash}; a renewed CA leaves cluster-info as it was, and so does a kubeconfig of another cluster',
    remedy:
      'compare the kubeconfig with /etc/kubernetes/pki/ca.crt on a control plane; the stale one of the two is to be corrected: kubectl -n kube-public edit configmap cluster-info',
    seen: 'kubeadm/23-wrong-hash',
    recorded: [
      'error execution phase preflight: couldn\'t validate the identity of the API Server: cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "sha256:67a2cd1e9e913cb0bb7e2f6650af4db6ffd8962edda595a2fb10a0e6432338e5" are pinned',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-ca-stale',
    code: 'kubeadm-ca-stale',
    matches: [/failed to request the cluster-info ConfigMap: .{0,300}x509: certificate signed by unknown authority/],
    also: [clusterInfo],
    title: 'kube-public/cluster-info names an authority that did not sign the API server’s certificate',
    cause: 'the cluster’s CA was changed and cluster-info was not (kubernetes#131080), or something else answers there',
    remedy:
      'put the CA of /etc/kubernetes/pki/ca.crt into the kubeconfig that kube-public/cluster-info holds: kubectl -n kube-public edit configmap cluster-info; never join with --skip-phases=preflight, which hides it',
    seen: 'kubeadm/24-stale-ca-in-cluster-info, kubeadm/52-stale-ca-10s; seed 001',
    recorded: [
      'error execution phase preflight: couldn\'t validate the identity of the API Server: failed to request the cluster-info ConfigMap: Get "https://10.77.0.1:6446/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "kubernetes")',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-api-unreachable',
    code: 'kubeadm-api-unreachable',
    matches: [
      /failed to request the cluster-info ConfigMap: .{0,200}dial tcp (?<address>\S{1,80}): connect: (?<why>connection refused|no route to host|network is unreachable)/,
      /failed to request the cluster-info ConfigMap: .{0,200}dial tcp (?<address>\S{1,80}): (?<why>i\/o timeout)/,
    ],
    also: [clusterInfo],
    title: 'this host does not reach the API server at {address}',
    cause: '{why}: nothing listens there, or a firewall stands between',
    remedy: 'open the port between host and control plane, or set server to an address that the host reaches',
    seen: 'kubeadm/25-port-closed, kubeadm/53-port-closed-10s, kubeadm/54-host-unreachable-10s',
    recorded: [
      'error execution phase preflight: couldn\'t validate the identity of the API Server: failed to request the cluster-info ConfigMap: Get "https://10.77.0.1:6999/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": dial tcp 10.77.0.1:6999: connect: connection refused',
      'error execution phase preflight: couldn\'t validate the identity of the API Server: failed to request the cluster-info ConfigMap: Get "https://10.77.0.250:6443/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": dial tcp 10.77.0.250:6443: connect: no route to host',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-cluster-info-closed',
    code: 'kubeadm-cluster-info-closed',
    matches: [
      /failed to request the cluster-info ConfigMap: (?<why>configmaps "cluster-info" is forbidden|Unauthorized)/,
    ],
    title: 'nobody may read kube-public/cluster-info without a certificate: {why}',
    cause: 'anonymous requests are switched off, or the cluster was not set up by kubeadm and has no such ConfigMap',
    remedy:
      'on a control plane: kubeadm init phase bootstrap-token makes ConfigMap and role; with --anonymous-auth=false a join needs file discovery, which this action does not do',
    seen: 'kubeadm/58-against-k3s-shaped, kubeadm/59-anonymous-off',
    recorded: [
      'error execution phase preflight: couldn\'t validate the identity of the API Server: failed to request the cluster-info ConfigMap: configmaps "cluster-info" is forbidden: User "system:anonymous" cannot get resource "configmaps" in API group "" in the namespace "kube-public"',
      "error execution phase preflight: couldn't validate the identity of the API Server: failed to request the cluster-info ConfigMap: Unauthorized",
    ],
  },
  {
    ...observed,
    id: 'kubeadm-token-rights',
    code: 'kubeadm-token-rights',
    matches: [
      /unable to fetch the kubeadm-config ConfigMap: failed to get config map: (?<why>configmaps "kubeadm-config" is forbidden|Unauthorized)/,
    ],
    title: 'the token may not read what a node needs to join: {why}',
    cause:
      'forbidden: it lacks the group system:bootstrappers:kubeadm:default-node-token, or the cluster its roles. Unauthorized: it lacks usage-bootstrap-authentication, or was deleted',
    remedy:
      'press the button again without `token`: a minted one has all three properties; on a control plane kubeadm init phase bootstrap-token makes the roles anew',
    seen: 'kubeadm/27-nogroup, kubeadm/28-noauth',
    recorded: [
      'error execution phase preflight: unable to fetch the kubeadm-config ConfigMap: failed to get config map: configmaps "kubeadm-config" is forbidden: User "system:bootstrap:a7uhpq" cannot get resource "configmaps" in API group "" in the namespace "kube-system"',
      'error execution phase preflight: unable to fetch the kubeadm-config ConfigMap: failed to get config map: Unauthorized',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-too-new',
    code: 'kubeadm-version',
    matches: [
      /this version of kubeadm only supports deploying clusters with the control plane version >= (?<least>[\d.]{3,12})\. Current version: (?<server>v[\d.]{3,12})/,
    ],
    title: 'kubeadm on this host is too new for a control plane of {server}',
    cause: 'it knows control planes from {least} on',
    remedy: 'install kubeadm and kubelet of {server}, or upgrade the control plane first',
    seen: 'kubeadm/73-server-older-131',
    recorded: [
      'error execution phase preflight: unable to fetch the kubeadm-config ConfigMap: this version of kubeadm only supports deploying clusters with the control plane version >= 1.32.0. Current version: v1.31.0',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-joined-already',
    code: 'kubeadm-joined-already',
    matches: [
      /\[ERROR FileAvailable--etc-kubernetes-(?:kubelet\.conf|bootstrap-kubelet\.conf|pki-ca\.crt)\]: (?<path>\S{1,80}) already exists/,
    ],
    title: 'this machine is, or was, a node of a cluster: {path} is there',
    cause: 'an earlier join left it, of this cluster or of another',
    remedy:
      'look whose it is (grep server: /etc/kubernetes/*.conf); when it is nobody’s any more: sudo kubeadm reset -f on the host, then press the button again. Never ignore this: a leftover of a living cluster makes the host a node of that one',
    seen: 'kubeadm/30-already-joined, kubeadm/42-retry-after-failed, kubeadm/45-leftover-kubelet-stopped',
    recorded: [
      '[ERROR FileAvailable--etc-kubernetes-kubelet.conf]: /etc/kubernetes/kubelet.conf already exists',
      '[ERROR FileAvailable--etc-kubernetes-bootstrap-kubelet.conf]: /etc/kubernetes/bootstrap-kubelet.conf already exists',
      '[ERROR FileAvailable--etc-kubernetes-pki-ca.crt]: /etc/kubernetes/pki/ca.crt already exists',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-port',
    code: 'host-port',
    matches: [/\[ERROR Port-(?<port>\d{1,5})\]: Port \d{1,5} is in use/],
    title: 'port {port} is taken on this host',
    cause: 'another kubelet or program listens where this node’s kubelet has to',
    remedy: 'look who it is: sudo ss -lntp sport = :{port}; stop it, then press the button again',
    seen: 'kubeadm/61-port-10250',
    recorded: ['[ERROR Port-10250]: Port 10250 is in use'],
  },
  {
    ...observed,
    id: 'kubeadm-ip-forward',
    code: 'kubeadm-ip-forward',
    matches: [
      /\[ERROR FileContent--proc-sys-net-ipv[46][a-z0-9_-]{1,60}\]: (?<path>\S{1,80}) contents are not set to 1/,
    ],
    title: 'the kernel of this host does not forward packets: {path} is not 1',
    cause: 'pods of one node reach those of another only through hosts that forward',
    remedy:
      'give sysctl: net.ipv4.ip_forward=1 to this action, which sets it now and at boot; then press the button again',
    seen: 'kubeadm/63-ip-forward-0',
    recorded: [
      '[ERROR FileContent--proc-sys-net-ipv4-ip_forward]: /proc/sys/net/ipv4/ip_forward contents are not set to 1',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-programs',
    code: 'kubeadm-programs',
    matches: [/\[ERROR KubeletVersion\]: couldn't get kubelet version: (?<why>.{1,200})/],
    title: 'there is no kubelet that kubeadm could start',
    cause: 'kubeadm says: {why}',
    remedy: 'install the package kubelet, of the version of kubeadm; then press the button again',
    seen: 'kubeadm/67-kubelet-missing',
    recorded: [
      "[ERROR KubeletVersion]: couldn't get kubelet version: cannot execute 'kubelet --version': executable file not found in $PATH",
    ],
  },
  {
    ...observed,
    id: 'kubeadm-cri-sockets',
    code: 'kubeadm-cri-sockets',
    matches: [/found multiple CRI endpoints on the host\..{0,160}: (?<sockets>unix:.{1,200})/],
    title: 'several container runtimes serve on this host, and kubeadm does not choose',
    cause: 'sockets: {sockets}',
    remedy:
      'stop and disable the runtime that is not meant (sudo systemctl disable --now crio), then press the button again',
    seen: 'kubeadm/70-two-crisockets',
    recorded: [
      "found multiple CRI endpoints on the host. Please define which one do you wish to use by setting the 'criSocket' field in the kubeadm configuration file: unix:///var/run/containerd/containerd.sock, unix:///var/run/crio/crio.sock",
    ],
  },
  {
    ...observed,
    id: 'kubeadm-node-exists',
    code: 'kubeadm-node-exists',
    matches: [
      /a Node with name "(?<name>[^"]{1,253})" and status "(?<status>[^"]{1,20})" already exists in the cluster/,
    ],
    title: 'a node {name} is in the cluster already, and its status is {status}',
    cause: 'the machine was reset a moment ago and its node still counts as Ready, or another machine has the name',
    remedy:
      'press the button again with replace-node = {name} when it is this machine; else give this one another name',
    seen: 'kubeadm/41-rejoin-right-after-reset, kubeadm/31-already-joined-skip-preflight',
    recorded: [
      'error execution phase kubelet-start: a Node with name "karstark" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-other-cluster',
    code: 'kubeadm-other-cluster',
    matches: [/error writing CRISocket for this node: Get "(?<server>https:\/\/[^/"]{1,100})\/[^"]{0,300}"/],
    also: [/error writing CRISocket for this node/],
    title: 'the kubelet was told to join another API server: {server}',
    cause: 'a kubelet.conf of an earlier cluster lies on the host, and kubeadm took it for its own',
    remedy: 'when that cluster is nobody’s any more: sudo kubeadm reset -f on the host; then press the button again',
    seen: 'kubeadm/48-leftover-othercluster-skip-preflight',
    recorded: [
      'error execution phase kubelet-wait-bootstrap: error writing CRISocket for this node: Get "https://10.77.0.1:6999/api/v1/nodes/karstark?timeout=10s": dial tcp 10.77.0.1:6999: connect: connection refused',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-containerd-down',
    code: 'kubeadm-containerd',
    matches: [
      /validate CRI v1 (?:runtime|image) API for endpoint "(?<socket>unix:\/\/(?:\/var)?\/run\/(?:containerd\/containerd|crio\/crio)\.sock)": (?<why>[^"]{0,300})/,
    ],
    title: 'the container runtime does not answer at {socket}',
    cause: '{why}; kubeadm only warns of it, and then waits four minutes for a kubelet that cannot run',
    remedy:
      'on the host: sudo systemctl enable --now containerd; when it runs, its CRI part is switched off (disabled_plugins in /etc/containerd/config.toml)',
    seen: 'kubeadm/62-containerd-down',
    recorded: [
      'W1121 08:22:50.929932    1154 checks.go:1062] [preflight] WARNING: Couldn\'t create the interface used for talking to the container runtime: failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint "unix:///var/run/containerd/containerd.sock": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/run/containerd/containerd.sock: connect: no such file or directory"',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-not-approved',
    code: 'kubeadm-csr-not-approved',
    matches: [/failed while waiting for TLS bootstrap: (?<why>.{1,100})/],
    title: 'the cluster did not give the kubelet a certificate',
    cause: 'its request was not approved or not signed in time: {why}',
    remedy:
      'kubectl get csr shows it as Pending; approval belongs to the controller csrapproving and the ClusterRoleBindings kubeadm:node-autoapprove-…, which kubeadm init phase bootstrap-token makes',
    seen: 'kubeadm/75-csr-never-approved',
    recorded: [
      'error execution phase kubelet-wait-bootstrap: failed while waiting for TLS bootstrap: context deadline exceeded',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-kubelet-anonymous',
    code: 'kubeadm-csr-not-approved',
    // Said a few times on the way to a good end as well.
    strength: 'symptom',
    when: { nodeExists: false },
    matches: [/is forbidden: User "system:anonymous" cannot get resource "(?:nodes|leases)"/],
    title: 'its kubelet has no certificate of this cluster, and speaks to it as nobody',
    cause: 'the request of the kubelet for a certificate was not approved, or not signed',
    remedy:
      'kubectl get csr shows it as Pending; approval belongs to the controller csrapproving and the ClusterRoleBindings kubeadm:node-autoapprove-…, which kubeadm init phase bootstrap-token makes',
    seen: 'kubeadm/75-csr-never-approved; the words of its kubelet: the lab, kubelet 1.33.13',
    recorded: [
      '"Unable to register node with API server, error getting existing node" err="nodes \\"karstark\\" is forbidden: User \\"system:anonymous\\" cannot get resource \\"nodes\\""',
    ],
  },
  {
    ...observed,
    id: 'kubeadm-preflight',
    code: 'kubeadm-preflight',
    strength: 'symptom',
    matches: [/\[ERROR (?<name>[A-Za-z][A-Za-z0-9._-]{1,80})\]: (?<why>.{1,300})/],
    title: 'kubeadm’s own preflight refuses this host: {name}',
    cause: 'it says: {why}',
    remedy: 'correct that on the host, then press the button again',
    seen: 'kubeadm/64-not-root',
    recorded: ['[ERROR IsPrivilegedUser]: user is not running as root'],
  },
  {
    ...observed,
    id: 'kubeadm-joined-elsewhere',
    code: 'kubeadm-joined-elsewhere',
    strength: 'symptom',
    when: { nodeExists: false },
    matches: [/This node has joined the cluster:/],
    title: 'kubeadm says that it joined, but no such node came to this cluster',
    cause: 'the kubelet has registered in another cluster, whose kubelet.conf lies on the host',
    remedy:
      'look at server: in /etc/kubernetes/kubelet.conf; take the machine out of that cluster first, then press the button again',
    seen: 'kubeadm/49-leftover-LIVE-othercluster-skip-preflight',
    recorded: ['This node has joined the cluster:'],
  },
  {
    ...observed,
    id: 'kubeadm-kubelet-unhealthy',
    code: 'kubelet-exits',
    strength: 'symptom',
    matches: [/failed while waiting for the kubelet to start: (?<why>.{1,400})/],
    title: 'the kubelet that kubeadm started does not become healthy',
    cause: 'kubeadm says: {why}; the reason stands in the kubelet’s own journal, and nowhere else',
    remedy: 'on the host: sudo journalctl -u kubelet -n 50; then press the button again',
    seen: 'kubeadm/60-kubelet-crashes, kubeadm/72-swap-join, kubeadm/78-restricted-label',
    recorded: [
      'error execution phase kubelet-wait-bootstrap: failed while waiting for the kubelet to start: The HTTP call equal to \'curl -sSL http://127.0.0.1:10248/healthz\' returned error: Get "http://127.0.0.1:10248/healthz": dial tcp 127.0.0.1:10248: connect: connection refused',
    ],
  },
]
