/** Checks of kubeconfig-esc before they are asked. The page docs/checks.md and the ids that `ignore-checks` knows come from these. */
export interface KubeconfigCheckEntry {
  readonly id: string
  readonly stage: 'environment' | 'kubeconfig' | 'tunnel' | 'server'
  readonly asks: string
  /** The worst answer that it gives. */
  readonly severity: 'fail' | 'warn'
  /** Whether `ignore-checks` may name it. */
  readonly isIgnorable: boolean
  /** In one line; the check itself says it for the cluster at hand. */
  readonly remedy: string
}

type Row = readonly [
  id: string,
  severity: KubeconfigCheckEntry['severity'],
  isIgnorable: boolean,
  asks: string,
  remedy: string,
]

const store = '`esc env set <environment> <property> --secret --string --file <kubeconfig>`'

const rows: Readonly<Record<KubeconfigCheckEntry['stage'], readonly Row[]>> = {
  environment: [
    [
      'esc.shape',
      'warn',
      true,
      'Is the kubeconfig stored as text? An object or base64 is read all the same',
      `store the text: ${store}`,
    ],
    ['esc.secret', 'warn', true, 'Is the property stored as a secret?', `store it again with \`--secret\`: ${store}`],
  ],
  kubeconfig: [
    [
      'kubeconfig.contexts',
      'warn',
      true,
      'Which context is used, and does the kubeconfig hold others? They are dropped',
      'store a kubeconfig of this context alone: `kubectl config view --raw --flatten --minify`',
    ],
    [
      'kubeconfig.ca',
      'fail',
      false,
      "Is the cluster's CA valid, and the one of `expect-ca-sha256`?",
      'compare the CA with the server; change the expected hash only when the CA was meant to change',
    ],
    [
      'kubeconfig.credentials',
      'fail',
      true,
      'Are client certificate or token valid now and for `min-validity` more? A warning under 60 days for certificates',
      `k3s renews the certificate when it restarts within 120 days before its end, but no copy of it: ${store}`,
    ],
    [
      'kubeconfig.key',
      'fail',
      true,
      'Does the key belong to the client certificate?',
      `store the kubeconfig as it is on the server: ${store}`,
    ],
    [
      'kubeconfig.chain',
      'warn',
      true,
      'Is the client certificate signed by the CA of the file? k3s has a CA for servers and another for clients, so it need not be',
      'none needed where the server accepts it (`server.authentication`)',
    ],
  ],
  tunnel: [
    [
      'tunnel.ready',
      'fail',
      false,
      'Does the tunnel lead to the API server: process, TCP, TLS against the CA, `/version`?',
      'see what ssh said in the evidence; key, host key and `permitopen` of the SSH server decide',
    ],
  ],
  server: [
    [
      'server.dns',
      'fail',
      true,
      "Does the server's name resolve on this runner?",
      'give an address as `server`, or mend DNS',
    ],
    [
      'server.tcp',
      'fail',
      true,
      'Does the server take connections from this runner?',
      'open the port for the runner, or `connect: tunnel`',
    ],
    [
      'server.tls',
      'fail',
      true,
      "Is the server's certificate signed by the CA of the kubeconfig, for this name, and valid? A warning under 30 days",
      'set `tls-server-name` to a name that the check suggests, or add the address to tls-san of the server',
    ],
    [
      'server.http',
      'fail',
      true,
      'Does an API server answer there?',
      'check host, port and path of the server; look at its log',
    ],
    [
      'server.authentication',
      'fail',
      true,
      'Does the server accept these credentials? Exec credentials are not run to find out',
      `store a fresh copy of the kubeconfig: ${store}`,
    ],
    [
      'server.access',
      'fail',
      true,
      'May these credentials do what `purpose` needs? A warning when a job that only reads may do everything',
      '`kubectl apply -f manifests/k3s-join-rbac.yaml` or `manifests/verify-rbac.yaml`',
    ],
    [
      'server.clock',
      'warn',
      true,
      'Is the clock of the runner within 30 s of the API server?',
      '`sudo timedatectl set-ntp true`, on the one that is wrong',
    ],
    [
      'cluster.uid',
      'fail',
      false,
      'Is it the cluster of `expect-cluster-uid`?',
      'compare: `kubectl get namespace kube-system -o jsonpath={.metadata.uid}`',
    ],
  ],
}

/** In the order in which they are asked. */
export const kubeconfigCheckRegistry: readonly KubeconfigCheckEntry[] = (
  Object.keys(rows) as KubeconfigCheckEntry['stage'][]
).flatMap((stage) =>
  rows[stage].map(([id, severity, isIgnorable, asks, remedy]) => ({ id, stage, severity, isIgnorable, asks, remedy })),
)

/** The question of a check, up to its question mark. Throws on an id that is not in the registry. */
export function questionOf(id: string): string {
  const entry = kubeconfigCheckRegistry.find((one) => one.id === id)
  if (entry === undefined) throw new RangeError(`there is no check ${id}`)
  return `${entry.asks.split('?')[0]}?`
}
