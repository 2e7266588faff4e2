/** What scenarios of GPUs do to a machine and ask of a cluster. */
import assert from 'node:assert/strict'
import { hostFolder, type LabHost } from '../contract.ts'
import { pluginImageName } from '../parts/plugin-image.ts'
import type { Situation } from '../situation.ts'

export const resource = 'nvidia.com/gpu'
export const renderedConfig = '/var/lib/rancher/k3s/agent/etc/containerd/config.toml'

/** As root on the machine. @returns its standard output @throws AssertionError with what it said when it failed */
export async function must(host: LabHost, command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await host.run(command)
  assert.equal(code, 0, `${command.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** Lays the stand-in of nvidia-container-runtime where NVIDIA's package has it, or into another folder. */
export async function layRuntime(host: LabHost, folder = '/usr/bin'): Promise<string> {
  const path = `${folder}/nvidia-container-runtime`
  await must(host, ['install', '-D', '-m', '755', `${hostFolder}/bin/nvidia-container-runtime`, path])
  return path
}

/** Onto a machine whose containerd runs. */
export async function loadPluginImage(host: LabHost, program: 'k3s' | 'ctr' = 'k3s'): Promise<void> {
  const file = `${hostFolder}/gpu/nvidia-device-plugin.tar`
  const ctr = program === 'k3s' ? ['k3s', 'ctr'] : ['ctr', '--namespace', 'k8s.io']
  await must(host, [...ctr, 'images', 'import', '--local', '--snapshotter', 'native', file])
}

/** UUID of the one GPU, as nvidia-smi lists it. */
export async function uuidOf(host: LabHost): Promise<string> {
  const uuid = /GPU-[0-9a-f-]+/.exec(await must(host, ['nvidia-smi', '-L']))?.[0]
  assert.ok(uuid)
  return uuid
}

/** Names of the runtimes that the running containerd knows. */
export async function handlersOf(host: LabHost): Promise<readonly string[]> {
  const info = JSON.parse(await must(host, ['k3s', 'crictl', 'info'])) as {
    readonly runtimeHandlers: readonly { readonly name?: string }[]
  }
  return info.runtimeHandlers.flatMap(({ name }) => name ?? [])
}

/** `[capacity, allocatable]` of the node, as text. */
export async function gpusOf(situation: Situation): Promise<readonly [string | undefined, string | undefined]> {
  const status = (await situation.node())?.status
  return [status?.capacity[resource], status?.allocatable[resource]]
}

interface Pod {
  readonly metadata: { readonly name: string }
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly ready: boolean
      readonly restartCount: number
      readonly state: { readonly waiting?: { readonly reason: string } }
    }[]
  }
}

/** Of a DaemonSet of kube-system, by its label `app`. */
export async function podsOf({ cluster }: Situation, app: string): Promise<readonly Pod[]> {
  const path = `/api/v1/namespaces/kube-system/pods?labelSelector=app%3D${app}`
  return ((await cluster.request('GET', path)) as { items: readonly Pod[] }).items
}

/** The device plugin as one DaemonSet, with or without the class of nvidia's runtime. */
export function pluginObject(app: string, runtimeClassName: string | undefined): object {
  const name = 'kubelet-device-plugins-dir'
  const path = '/var/lib/kubelet/device-plugins'
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: app, namespace: 'kube-system' },
    spec: {
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: {
          ...(runtimeClassName === undefined ? {} : { runtimeClassName }),
          nodeSelector: { [`${resource}.present`]: 'true' },
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'plugin',
              image: pluginImageName,
              imagePullPolicy: 'IfNotPresent',
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              volumeMounts: [{ name, mountPath: path }],
            },
          ],
          volumes: [{ name, hostPath: { path, type: 'Directory' } }],
        },
      },
    },
  }
}
