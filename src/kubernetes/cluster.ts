import type { V1ConfigMap, V1DaemonSet, V1Lease, V1Node, V1Pod, V1RuntimeClass } from '@kubernetes/client-node'
import type { SelectedKubeconfig } from '../kubeconfig/index.ts'
import { reviewAccess, rulesIn } from './access-reviews.ts'
import { createObject, deleteObject, listObjects } from './any-object.ts'
import { applyObject, deleteDaemonSet } from './apply.ts'
import { changeNode, nodeAccess, nodePath } from './change-node.ts'
import { describeNode } from './describe-node.ts'
import { anotherNode, ClusterError } from './errors.ts'
import { evictPod } from './evict.ts'
import { apiGroups, health, proxied } from './health.ts'
import type {
  AccessAnswer,
  AccessRequest,
  AccessRule,
  ApiObject,
  ApplyObject,
  BootstrapToken,
  Cluster,
  ClusterReading,
  DaemonSetState,
  EvictionAnswer,
  KindReference,
  ListOptions,
  NodeChange,
  NodeEvent,
  NodePassword,
  NodeState,
  ObjectEvent,
  PodEvent,
  PodState,
} from './model.ts'
import { nodeState, type Wire } from './objects.ts'
import { listAll } from './pages.ts'
import { podEvents, podLog } from './pod-words.ts'
import * as secrets from './secrets.ts'
import { type ApiRequest, segment, type Transport } from './transport.ts'
import { renewedAt, watchNode } from './watch.ts'
import { watchList } from './watch-list.ts'
import { watchObjects } from './watch-objects.ts'
import { podsOf, podsWith, watchPods } from './watch-pods.ts'
import { daemonSetState, podState } from './workload-objects.ts'

/** The contract's methods, each one or a few calls of the transport. */
export class ApiCluster implements Cluster {
  readonly server: string
  readonly caPem: string
  readonly #transport: Transport

  constructor(selected: SelectedKubeconfig, transport: Transport) {
    this.server = selected.server
    this.caPem = selected.caPem
    this.#transport = transport
  }

  async read(node: string, signal: AbortSignal): Promise<ClusterReading> {
    const leases = `apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${segment(node)}`
    const leaseAccess = { verb: 'get', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' }
    const [version, found, lease] = await Promise.all([
      this.#transport.call<{ gitVersion?: string }>(
        { method: 'GET', path: 'version', access: { verb: 'get', group: '', resource: '/version' } },
        signal,
      ),
      this.#transport.call<Wire<V1Node>>(
        { method: 'GET', path: nodePath(node), access: nodeAccess('get', node) },
        signal,
      ),
      this.#transport.call<Wire<V1Lease>>({ method: 'GET', path: leases, access: leaseAccess }, signal),
    ])
    const times = [version, found, lease].flatMap((answer) => answer.serverTimeMs ?? [])
    const gitVersion = version.body?.gitVersion
    if (gitVersion === undefined || times.length === 0) {
      throw new ClusterError('api-failed', {
        title: `what answers at ${this.server} is no Kubernetes API server`,
        cause: gitVersion === undefined ? '/version gives no gitVersion' : 'its answers carry no Date header',
        remedy: 'check the server address in the kubeconfig: a proxy or another service may answer there',
      })
    }
    const leaseRenewedAtMs = lease.body === undefined ? undefined : renewedAt(lease.body)
    const owner = lease.body?.metadata?.ownerReferences?.find((one) => one.kind === 'Node')
    return {
      version: gitVersion,
      ...(found.body === undefined ? {} : { node: nodeState(found.body) }),
      ...(leaseRenewedAtMs === undefined ? {} : { leaseRenewedAtMs }),
      ...(owner === undefined ? {} : { leaseNodeUid: owner.uid }),
      serverTimeMs: Math.max(...times),
    }
  }

  async nodes(signal: AbortSignal): Promise<readonly NodeState[]> {
    const request: ApiRequest = { method: 'GET', path: 'api/v1/nodes', access: nodeAccess('list') }
    return (await listAll<Wire<V1Node>>(this.#transport, request, signal)).map(nodeState)
  }

  async canI(requests: readonly AccessRequest[], signal: AbortSignal): Promise<readonly AccessAnswer[]> {
    return await Promise.all(requests.map((request) => reviewAccess(this.#transport, request, signal)))
  }

  async createBootstrapToken(token: BootstrapToken, signal: AbortSignal): Promise<void> {
    await secrets.createBootstrapToken(this.#transport, token, signal)
  }

  async deleteBootstrapToken(id: string, signal: AbortSignal): Promise<void> {
    await secrets.deleteBootstrapToken(this.#transport, id, signal)
  }

  async bootstrapTokens(
    labels: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly { id: string; createdAt: string; expiresAt: string }[]> {
    return await secrets.bootstrapTokens(this.#transport, labels, signal)
  }

  async changeNode(name: string, change: NodeChange, signal: AbortSignal): Promise<NodeState> {
    return await changeNode(this.#transport, name, change, signal)
  }

  async deleteNode(name: string, uid: string, signal: AbortSignal): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } }
    const request: ApiRequest = { method: 'DELETE', path: nodePath(name), body, access: nodeAccess('delete', name) }
    try {
      await this.#transport.call(request, signal)
    } catch (error) {
      throw error instanceof ClusterError && error.code === 'conflict' ? anotherNode(name, error) : error
    }
  }

  async describeNode(name: string, signal: AbortSignal): Promise<string> {
    return await describeNode(this.#transport, name, signal)
  }

  async nodePassword(name: string, signal: AbortSignal): Promise<NodePassword | undefined> {
    return await secrets.nodePassword(this.#transport, name, signal)
  }

  async deleteNodePassword(
    name: string,
    read: Pick<NodePassword, 'uid' | 'resourceVersion'>,
    signal: AbortSignal,
  ): Promise<void> {
    await secrets.deleteNodePassword(this.#transport, name, read, signal)
  }

  get requests(): number {
    return this.#transport.requests
  }

  async nodesWithLabel(label: string, value: string, signal: AbortSignal): Promise<readonly NodeState[]> {
    const query = { labelSelector: `${label}=${value}` }
    const request: ApiRequest = { method: 'GET', path: 'api/v1/nodes', query, access: nodeAccess('list') }
    return (await listAll<Wire<V1Node>>(this.#transport, request, signal)).map(nodeState)
  }

  async node(name: string, signal: AbortSignal): Promise<NodeState | undefined> {
    const request: ApiRequest = { method: 'GET', path: nodePath(name), access: nodeAccess('get', name) }
    const { body } = await this.#transport.call<Wire<V1Node>>(request, signal)
    return body && nodeState(body)
  }

  async daemonSets(signal: AbortSignal): Promise<readonly DaemonSetState[]> {
    const access = { verb: 'list', group: 'apps', resource: 'daemonsets' }
    const request: ApiRequest = { method: 'GET', path: 'apis/apps/v1/daemonsets', access }
    return (await listAll<Wire<V1DaemonSet>>(this.#transport, request, signal)).map(daemonSetState)
  }

  async podsOnNode(node: string, signal: AbortSignal): Promise<readonly PodState[]> {
    const query = { fieldSelector: `spec.nodeName=${node}` }
    const access = { verb: 'list', group: '', resource: 'pods' }
    const request: ApiRequest = { method: 'GET', path: 'api/v1/pods', query, access }
    return (await listAll<Wire<V1Pod>>(this.#transport, request, signal)).map(podState)
  }

  async runtimeClass(name: string, signal: AbortSignal): Promise<{ readonly handler: string } | undefined> {
    const path = `apis/node.k8s.io/v1/runtimeclasses/${segment(name)}`
    const access = { verb: 'get', group: 'node.k8s.io', resource: 'runtimeclasses', name }
    const { body } = await this.#transport.call<Wire<V1RuntimeClass>>({ method: 'GET', path, access }, signal)
    return body && { handler: body.handler ?? '' }
  }

  async configMap(
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>> | undefined> {
    const path = `api/v1/namespaces/${segment(namespace)}/configmaps/${segment(name)}`
    const access = { verb: 'get', group: '', resource: 'configmaps', namespace, name }
    const { body } = await this.#transport.call<Wire<V1ConfigMap>>({ method: 'GET', path, access }, signal)
    return body && (body.data ?? {})
  }

  async hasResource(groupVersion: string, resource: string, signal: AbortSignal): Promise<boolean> {
    const path = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`
    const access = { verb: 'get', group: '', resource: `/${path}` }
    const { body } = await this.#transport.call<{ resources?: { name: string }[] }>(
      { method: 'GET', path, access },
      signal,
    )
    return body?.resources?.some(({ name }) => name === resource) ?? false
  }

  async podEvents(namespace: string, name: string, signal: AbortSignal): Promise<readonly string[]> {
    return await podEvents(this.#transport, namespace, name, signal)
  }

  async podLog(namespace: string, name: string, tailLines: number, signal: AbortSignal): Promise<string> {
    return await podLog(this.#transport, namespace, name, tailLines, signal)
  }

  async applyObject(object: ApplyObject, signal: AbortSignal): Promise<void> {
    await applyObject(this.#transport, object, signal)
  }

  async deleteDaemonSet(namespace: string, name: string, uid: string, signal: AbortSignal): Promise<void> {
    await deleteDaemonSet(this.#transport, namespace, name, uid, signal)
  }

  async list<Item>(
    kind: KindReference,
    read: (object: ApiObject) => Item,
    signal: AbortSignal,
    options?: ListOptions,
  ): Promise<readonly Item[] | undefined> {
    return await listObjects(this.#transport, kind, read, signal, options)
  }

  async watchList<Item>(
    kind: KindReference,
    read: (object: ApiObject) => Item,
    onChange: (items: readonly Item[]) => void,
    signal: AbortSignal,
    options?: ListOptions,
  ): Promise<void> {
    await watchList(this.#transport, kind, read, onChange, signal, options)
  }

  async createObject(
    kind: KindReference,
    object: ApiObject,
    signal: AbortSignal,
  ): Promise<{ readonly name: string; readonly uid: string }> {
    return await createObject(this.#transport, kind, object, signal)
  }

  async deleteObject(
    kind: KindReference,
    namespace: string,
    name: string,
    uid: string,
    signal: AbortSignal,
  ): Promise<void> {
    await deleteObject(this.#transport, kind, namespace, name, uid, signal)
  }

  async health(signal: AbortSignal): Promise<{ readonly version: string; readonly notReady?: readonly string[] }> {
    return await health(this.#transport, signal)
  }

  async proxied(service: string, path: string, signal: AbortSignal): Promise<unknown> {
    return await proxied(this.#transport, service, path, signal)
  }

  async apiGroups(signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    return await apiGroups(this.#transport, signal)
  }

  async rules(namespace: string, signal: AbortSignal): Promise<readonly AccessRule[]> {
    return await rulesIn(this.#transport, namespace, signal)
  }

  get serverTimeMs(): number | undefined {
    return this.#transport.serverTimeMs
  }

  async watchPodsWith(
    namespace: string,
    labelSelector: string,
    onEvent: (event: PodEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await watchPods(this.#transport, podsWith(namespace, labelSelector), onEvent, signal)
  }

  async watchPods(node: string, onEvent: (event: PodEvent) => void, signal: AbortSignal): Promise<void> {
    await watchPods(this.#transport, podsOf(node), onEvent, signal)
  }

  async evictPod(
    pod: { readonly namespace: string; readonly name: string; readonly uid: string },
    signal: AbortSignal,
  ): Promise<EvictionAnswer> {
    return await evictPod(this.#transport, pod, signal)
  }

  async watchObjects(
    kind: KindReference,
    onEvent: (event: ObjectEvent) => void,
    signal: AbortSignal,
    options?: ListOptions,
  ): Promise<void> {
    await watchObjects(this.#transport, kind, onEvent, signal, options)
  }

  async watch(name: string, onEvent: (event: NodeEvent) => void, signal: AbortSignal): Promise<void> {
    await watchNode(this.#transport, name, onEvent, signal)
  }
}
