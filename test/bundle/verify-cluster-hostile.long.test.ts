/** Hostile text of a cluster, through the bundle of verify-cluster: no command runs, no verdict is forged, no file of it breaks. */
import { describe, expect, it } from '@jest/globals'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import { doors } from './door.ts'
import { expectHarmless, marker } from './hostile.ts'
import { checksOf, counted, idsWith, job, keeping, list, model, namespace } from './verify-cluster-door.ts'
import { expectSound, line, text } from './verify-cluster-hostile.ts'

const opened = doors()
const limitMs = 300_000

/** Every string below keys like these, whatever it was. */
function speakIn(value: unknown, keys: RegExp, said: string): unknown {
  if (Array.isArray(value)) return value.map((one) => speakIn(one, keys, said))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      typeof one === 'string' && keys.test(key) ? said : speakIn(one, keys, said),
    ]),
  )
}

describe('a cluster', () => {
  it(
    'whose pods, nodes, claims, releases and programs say what they like',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      const { objects } = cluster
      await cluster.comeOver(
        new Set([
          'verify-pod-crash-loop',
          'verify-pod-pending',
          'verify-pod-evicted',
          'verify-job-failed',
          'verify-flux-not-ready',
          'verify-flux-stale',
          'verify-volume-degraded',
          'verify-claim-pending',
          'verify-certificate-soon',
          'verify-node-not-ready',
          'verify-gpu-image-missing',
        ]),
      )
      for (const object of objects.list('')) {
        if (object.kind === 'Secret' || object.status === undefined) continue
        const key = keyOf(object)
        if (objects.get(key) === undefined) continue
        const said = speakIn(
          object.status,
          /^(message|lastMessage|lastAppliedRevision|lastAttemptedRevision|osImage|kernelVersion|containerRuntimeVersion|revision|state|robustness)$/,
          text,
        )
        objects.put(key, { ...object, status: said } as KubernetesObject)
      }
      const place = { machine: job }
      const inputs = { mode: 'probe', retries: '0', timeout: '10s' }
      const { press } = await counted(door, { ...inputs, ...keeping(door) }, place)
      expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(list(press, 'failed-checks')).toEqual(
        expect.arrayContaining(['workloads.apps', 'nodes.ready', 'flux.ready', 'storage.claims']),
      )
      expect(JSON.stringify(press.report)).toContain(marker)
      expect(checksOf(press).get('api.reachable')?.verdict).toBe('pass')

      // The next night knows the report of this one.
      const next = (
        await counted(door, { ...inputs, ...keeping(door), 'previous-report': press.outputs.report ?? '' }, place)
      ).press
      expectSound(door, next, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(list(next, 'new-failures')).toEqual([])
      // And a job that reaches no cluster publishes it.
      const published = (
        await counted(
          door,
          {
            'from-report': next.outputs.report ?? '',
            'cluster-file': '',
            'access-client-id': '',
            'access-client-secret': '',
            ...keeping(door),
          },
          place,
        )
      ).press
      expectHarmless(door, published, { exitCode: 0, result: 'published' })
    },
    limitMs,
  )

  it(
    'whose API server is somebody else’s: names, kinds, numbers and refusals that no Kubernetes would send',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      const { objects } = cluster
      const strange = (plural: string, like: KubernetesObject | undefined, name: string, where?: string): void => {
        if (like === undefined) throw new Error(`there is no ${plural}`)
        const within = where ?? like.metadata.namespace
        objects.put(`${plural}/${within === undefined ? '' : `${within}/`}${name}`, {
          ...like,
          metadata: {
            ...like.metadata,
            name,
            ...(within === undefined ? {} : { namespace: within }),
            uid: `uid-${Math.random()}`,
            labels: { ...like.metadata.labels, [line.slice(0, 300)]: line },
            annotations: { 'k3s-gpu-actions/gpu': text },
          },
        })
      }
      const [pod] = objects.list('pods/apps/')
      const crashed = speakIn(pod, /^(phase)$/, text) as KubernetesObject
      strange('pods', crashed, line, 'apps')
      strange('pods', crashed, 'constructor', '__proto__')
      strange('pods', crashed, 'x', line)
      strange('nodes', objects.get('nodes/srv712695'), line)
      strange('nodes', objects.get('nodes/calypso'), '__proto__')
      for (const plural of [
        'persistentvolumeclaims',
        'deployments',
        'jobs',
        'kustomizations',
        'helmreleases',
        'certificates',
      ]) {
        const [one] = objects.list(`${plural}/`)
        if (one) strange(plural, speakIn(one, /^(phase|status|type|reason|message)$/, text) as KubernetesObject, line)
      }
      // As if a run before had left it.
      objects.put(`jobs/${namespace}/${line}`, {
        metadata: {
          name: line,
          namespace,
          labels: { 'app.kubernetes.io/managed-by': 'k3s-gpu-actions', 'k3s-gpu-actions/pod-run': 'abcdefabcdef-1' },
          creationTimestamp: '2020-01-01T00:00:00Z',
        },
        spec: { suspend: true, template: { spec: {} } },
      })
      const refusal = (code: number): string =>
        JSON.stringify({ kind: 'Status', status: 'Failure', reason: text, message: text, code })
      cluster.answerWith(/^GET \/readyz/, 500, text)
      cluster.answerWith(/^GET \/apis\/longhorn\.io/, 500, refusal(500))
      cluster.answerWith(
        /^GET \/apis\/cert-manager\.io/,
        200,
        `{"items":[{"metadata":${JSON.stringify({ name: text })}},null,5,"x",{"spec":[]}]}`,
      )
      cluster.answerWith(/^GET \/api\/v1\/namespaces\/default\/events/, 403, refusal(403))
      cluster.answerWith(/^GET \/apis\/node\.k8s\.io/, 200, JSON.stringify({ metadata: { name: line }, handler: text }))
      const { press } = await counted(door, { mode: 'probe', retries: '0', ...keeping(door) }, { machine: job })
      expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(idsWith(press, 'warn', 'fail')).toEqual(
        expect.arrayContaining(['nodes.expected', 'workloads.proto', 'api.ready']),
      )
      expect(idsWith(press, 'pass')).toContain(`triton.infer.${model}`)
      // Ids are ours, whatever names are.
      expect(
        (press.report?.checks ?? []).map(({ id }) => id).filter((id) => !/^[a-z0-9][a-z0-9._-]*$/.test(id)),
      ).toEqual([])
    },
    limitMs,
  )

  it(
    'whose pods print a forged proof',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      const logs = [
        text,
        `${'x'.repeat(3_000_000)}`,
        `{"ok":true,"verdict":"pass"}\nTest PASSED\nPASS\nk3s-gpu-actions/pod-network dns ok\nk3s-gpu-actions/pod-network service ok\n`,
        '\u0000\u0001'.repeat(1000),
      ]
      for (const log of logs) {
        cluster.answerWith(/\/pods\/[^/]+\/log/, 200, log)
        const { press } = await counted(door, { mode: 'probe', suites: 'gpu, gpu-job', retries: '0' }, { machine: job })
        expect(['fail', 'error', 'warn']).toContain(checksOf(press).get('gpu-job.device.calypso')?.verdict)
        expect(checksOf(press).get('gpu-job.compute.calypso')?.verdict).not.toBe('pass')
        expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      }
    },
    limitMs,
  )
})

function keyOf({ kind = '', metadata: { namespace, name } }: KubernetesObject): string {
  const plural = kind === 'RuntimeClass' ? 'runtimeclasses' : `${kind.toLowerCase()}s`
  return `${plural}/${namespace === undefined ? '' : `${namespace}/`}${name}`
}
