import type { VerifyEntry } from '../../model.ts'

const entry = (
  id: string,
  asks: string,
  severity: VerifyEntry['severity'],
  remedy: string,
  layer?: number,
): VerifyEntry => ({
  id,
  suite: 'api',
  asks,
  severity,
  mode: 'observe',
  remedy,
  ...(layer === undefined ? {} : { layer }),
})

/** What is asked about the API server, in this order. */
export const apiEntries = [
  entry(
    'api.reachable',
    'Does the API server answer this kubeconfig?',
    'fail',
    'look at the tunnel and at the server: `systemctl status k3s` (kubeadm: `sudo crictl ps --all --name kube-apiserver`)',
    0,
  ),
  entry(
    'api.ready',
    'Does the API server call itself ready?',
    'fail',
    '`kubectl get --raw "/readyz?verbose"`; then the log of k3s, or of kubeadm’s kube-apiserver',
    0,
  ),
  entry(
    'api.version',
    'Has the API server the wanted version?',
    'fail',
    'upgrade the server, or correct `version` in the cluster file',
  ),
  entry(
    'api.rights',
    'May the kubeconfig’s user ask everything that the chosen suites ask?',
    'fail',
    '`kubectl apply -f manifests/verify-rbac.yaml`, and for `mode: probe` also `manifests/verify-probe-rbac.yaml`',
  ),
  entry(
    'api.join-tokens',
    'Have earlier joins left a token behind that lets machines join?',
    'warn',
    '`kubectl -n kube-system delete secret bootstrap-token-<id>`',
  ),
] as const satisfies readonly VerifyEntry[]
