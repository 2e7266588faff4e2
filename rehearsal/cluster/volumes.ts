/**
 * Claims get their volumes, and volumes go with their claims: the controllers for persistent volumes and the provisioners in one
 * (kubernetes/kubernetes: pkg/controller/volume/persistentvolume; kubernetes-sigs/sig-storage-lib-external-provisioner). What is left
 * out: the scheduler waits for a volume of a class with WaitForFirstConsumer before it binds the pod; here it comes right after.
 */
import type { ApiObject } from './objects.ts'
import type { MemoryStore, StoreEvent } from './store.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json

/** Provisioners that run in the cluster; of another one no volume ever comes. */
const provisioners: ReadonlySet<unknown> = new Set(['rancher.io/local-path', 'driver.longhorn.io'])
/** A moment for what takes real ones seconds. */
const lagMs = 30

/** Names of the claims that a pod mounts. */
export function claimsOf(spec: Json): readonly string[] {
  return ((spec.volumes ?? []) as Json[]).flatMap((volume) => {
    const name = given(volume.persistentVolumeClaim).claimName
    return typeof name === 'string' ? [name] : []
  })
}

/**
 * Why no node can be chosen yet for a pod with claims, in the scheduler's words; undefined: its volumes stand in nobody's way
 * (pkg/scheduler/framework/plugins/volumebinding/volume_binding.go).
 */
export function unboundWords(objects: MemoryStore, pod: ApiObject): string | undefined {
  for (const name of claimsOf(given(pod.spec))) {
    const claim = objects.get(`persistentvolumeclaims/${pod.metadata.namespace}/${name}`)
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found`
    const isBound = given(claim.spec).volumeName !== undefined
    if (!isBound && !waitsForPod(objects, claim)) return 'pod has unbound immediate PersistentVolumeClaims'
  }
  return undefined
}

const classOf = (objects: MemoryStore, claim: ApiObject): Json =>
  given(objects.get(`storageclasses/${given(claim.spec).storageClassName}`))

const waitsForPod = (objects: MemoryStore, claim: ApiObject): boolean =>
  classOf(objects, claim).volumeBindingMode === 'WaitForFirstConsumer'

export interface Volumes {
  stop(): void
}

export function startVolumes(objects: MemoryStore): Volumes {
  const timers = new Set<NodeJS.Timeout>()
  const later = (act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, lagMs)
    timer.unref()
    timers.add(timer)
  }

  const bind = (key: string, node: string): void => {
    const claim = objects.get(key)
    if (claim === undefined || given(claim.spec).volumeName !== undefined) return
    const { provisioner, reclaimPolicy = 'Delete' } = classOf(objects, claim)
    if (!provisioners.has(provisioner)) return
    const { name, namespace = '', uid = '' } = claim.metadata
    const volumeName = `pvc-${uid}`
    const spec = given(claim.spec)
    const capacity = given(given(spec.resources).requests)
    objects.put(`persistentvolumes/${volumeName}`, {
      metadata: { name: volumeName },
      spec: {
        accessModes: spec.accessModes,
        capacity,
        storageClassName: spec.storageClassName,
        persistentVolumeReclaimPolicy: reclaimPolicy,
        claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid },
      },
      status: { phase: 'Bound' },
    })
    const annotations = {
      ...claim.metadata.annotations,
      'pv.kubernetes.io/bind-completed': 'yes',
      ...(node !== '' && { 'volume.kubernetes.io/selected-node': node }),
    }
    objects.put(key, {
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...spec, volumeName },
      status: { phase: 'Bound', accessModes: spec.accessModes, capacity },
    })
  }

  const free = (claim: ApiObject): void => {
    const key = `persistentvolumes/${given(claim.spec).volumeName}`
    const volume = objects.get(key)
    if (volume === undefined) return
    if (given(volume.spec).persistentVolumeReclaimPolicy === 'Delete') objects.delete(key)
    else objects.put(key, { ...volume, status: { phase: 'Released' } })
  }

  const notice = ({ key, type, object }: StoreEvent): void => {
    if (key.startsWith('persistentvolumeclaims/')) {
      if (type === 'DELETED') later(() => free(object))
      else if (type === 'ADDED' && !waitsForPod(objects, object)) later(() => bind(key, ''))
    } else if (key.startsWith('pods/') && type !== 'DELETED') {
      const { nodeName = '' } = given(object.spec) as { readonly nodeName?: string }
      if (nodeName === '') return
      for (const name of claimsOf(given(object.spec)))
        later(() => bind(`persistentvolumeclaims/${object.metadata.namespace}/${name}`, nodeName))
    }
  }
  const stopListening = objects.listen(notice)
  return {
    stop() {
      stopListening()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
