/** What kubeadm would refuse, or would not notice: named by k3s-join before anything is changed, on real parts. */
import assert from 'node:assert/strict'
import { hostFolder } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import type { KubeadmSituation } from '../kubeadm/index.ts'
import { expectJoined, inKubeadm, kubeadmTrees, must, switchSwapOff, switchSwapOn } from './kubeadm.ts'

interface Obstacle {
  /** As it is told. */
  readonly what: string
  /** Id of the check that must fail. */
  readonly check: string
  /** Words that whoever reads the failure must find. */
  readonly words: RegExp
  come(situation: KubeadmSituation): Promise<void>
  go(situation: KubeadmSituation): Promise<void>
}

const on =
  (...command: readonly string[]) =>
  async ({ host }: KubeadmSituation): Promise<void> => {
    await must(host, command)
  }
const shell = (script: string) => on('sh', '-euc', script)

const clusterInfo = '/api/v1/namespaces/kube-public/configmaps/cluster-info'

/** Lets cluster-info name an authority; the cluster's own signer signs it again for every token. */
async function announce({ cluster }: KubeadmSituation, caPem: string): Promise<void> {
  const info = (await cluster.request('GET', clusterInfo)) as { readonly data: { readonly kubeconfig: string } }
  const authority = Buffer.from(caPem).toString('base64')
  const kubeconfig = info.data.kubeconfig.replace(
    /(certificate-authority-data: )\S+/,
    (_, name: string) => name + authority,
  )
  await cluster.request('PATCH', clusterInfo, { data: { kubeconfig } })
}

/** What a container runtime leaves that was killed. */
async function layStaleSocket(host: KubeadmSituation['host']): Promise<void> {
  const script = `mkdir -p /var/run/crio
"$1" -e 'require("net").createServer().listen("/var/run/crio/crio.sock", () => process.kill(process.pid, "SIGKILL"))' || :
test -S /var/run/crio/crio.sock`
  await must(host, ['sh', '-euc', script, 'sh', `${hostFolder}/node`])
}

const obstacles: readonly Obstacle[] = [
  {
    what: 'no forwarding',
    check: 'kubeadm.ip-forward',
    words: /ip_forward/,
    come: shell('echo 0 >/proc/sys/net/ipv4/ip_forward'),
    go: shell('echo 1 >/proc/sys/net/ipv4/ip_forward'),
  },
  {
    what: 'swap',
    check: 'kubeadm.swap',
    words: /swap/,
    come: ({ host }) => switchSwapOn(host),
    go: ({ host }) => switchSwapOff(host),
  },
  {
    what: 'the kubelet’s port is taken',
    check: 'kubeadm.port',
    words: /somebody/,
    come: shell(
      'systemd-run --quiet --unit=somebody /usr/lib/k3s-gpu-actions-lab/node -e "require(\'net\').createServer().listen(10250)" && for i in $(seq 100); do ss -ltn | grep -q :10250 && exit 0; sleep 0.05; done; exit 1',
    ),
    go: on('systemctl', 'stop', 'somebody'),
  },
  {
    what: 'containerd is down',
    check: 'kubeadm.containerd',
    words: /containerd/,
    come: on('systemctl', 'stop', 'containerd'),
    go: on('systemctl', 'start', 'containerd'),
  },
  {
    what: 'kubelet.conf of a cluster that is gone',
    check: 'plan.kubeadm-cluster',
    words: /192\.0\.2\.99/,
    come: shell(
      'mkdir -p /etc/kubernetes && printf "apiVersion: v1\\nkind: Config\\nclusters:\\n- name: gone\\n  cluster:\\n    server: https://192.0.2.99:6443\\n" >/etc/kubernetes/kubelet.conf',
    ),
    go: on('rm', '/etc/kubernetes/kubelet.conf'),
  },
  {
    what: 'the authority of another cluster on the machine',
    check: 'kubeadm.leftovers',
    words: /\/etc\/kubernetes\/pki\/ca\.crt/,
    come: async ({ host, elsewhere }) => {
      await must(host, ['mkdir', '-p', '/etc/kubernetes/pki'])
      await must(host, ['tee', '/etc/kubernetes/pki/ca.crt'], elsewhere?.caPem ?? '')
    },
    go: on('rm', '-r', '/etc/kubernetes/pki'),
  },
  {
    what: 'a stale authority in cluster-info',
    check: 'kubeadm.ca',
    words: /cluster-info/,
    come: (situation) => announce(situation, situation.elsewhere?.caPem ?? ''),
    go: (situation) => announce(situation, situation.cluster.caPem),
  },
  {
    what: 'a kubelet newer than the server',
    check: 'kubeadm.version',
    words: /1\.34/,
    // What it says about itself; the program is the real one, and its numbers cannot be others than it was built with.
    come: shell(
      'rm /usr/bin/kubelet && printf \'#!/bin/sh\\ncase "$*" in --version*) echo Kubernetes v1.34.4 ;; *) exec /usr/lib/k3s-gpu-actions-lab/bin/kubelet "$@" ;; esac\\n\' >/usr/bin/kubelet && chmod 755 /usr/bin/kubelet',
    ),
    go: shell('rm /usr/bin/kubelet && ln -s /usr/lib/k3s-gpu-actions-lab/bin/kubelet /usr/bin/kubelet'),
  },
]

/** Failure codes that are not named after their check (actions/failure.ts). */
const codes: Readonly<Record<string, string>> = {
  'kubeadm.port': 'host-port',
  'kubeadm.leftovers': 'kubeadm-joined-already',
  'plan.kubeadm-cluster': 'kubeadm-other-cluster',
}

export const kubeadmRefusedScenarios: readonly LabScenario[] = [
  inKubeadm(
    'kubeadm-refused',
    `${obstacles.length} obstacles to kubeadm join, one after another: each is named, and nothing is changed`,
    async (situation) => {
      const { host } = situation
      const told: string[] = []
      for (const { what, check, words, come, go } of obstacles) {
        await come(situation)
        const before = kubeadmTrees(host)
        const startedAt = performance.now()
        const press = await situation.press()
        const seconds = (performance.now() - startedAt) / 1000
        const shown = JSON.stringify(press.report?.failure ?? {})
        const said = `${what}: ${press.stdout}${press.stderr}`
        assert.equal(press.exitCode, 1, said)
        assert.equal(press.outputs['failure-code'], codes[check] ?? check.replace('.', '-'), said)
        assert.match(shown, words, `${what}: the failure does not say it: ${shown}`)
        assert.deepEqual(kubeadmTrees(host), before, `${what}: the machine was changed`)
        assert.deepEqual(await situation.tokens(), [], `${what}: a token is left`)
        await go(situation)
        told.push(`${what} (${seconds.toFixed(1)} s)`)
      }
      // kubeadm alone would end with "found multiple CRI endpoints on the host": it is told which one is meant.
      await layStaleSocket(host)
      await expectJoined(situation, await situation.press())
      return `${told.join(', ')}; without them it joins, and a stale socket of another runtime does not keep it`
    },
    true,
  ),
]
