/** What a removal meets, when calypso has work to do. */
import type { RemoveFault } from '../contract.ts'
import type { Fault } from './model.ts'

const removal = { family: 'removal', scenario: 'remove' } as const

export const removeFaults: Readonly<Record<RemoveFault, Fault>> = {
  'remove-budget': {
    ...removal,
    shows: 'a PodDisruptionBudget wants as many pods as there are: it never lets one go, and the node goes on serving',
    code: 'drain-blocked',
    log: [/shop\/web/],
  },
  'remove-emptydir': {
    ...removal,
    shows: 'a pod keeps something in an emptyDir, which would go with it',
    code: 'drain-blocked',
    log: [/shop\/web-/, /delete-emptydir-data/],
  },
  'remove-unmanaged': {
    ...removal,
    shows: 'a pod was started by hand, and nothing would bring it back',
    code: 'drain-blocked',
    log: [/shop\/by-hand/, /delete-unmanaged-pods/],
  },
  'remove-pod-stays': {
    ...removal,
    shows: 'a pod that was evicted does not end: somebody’s finalizer holds it',
    code: 'drain-timeout',
    log: [/shop\/web-/],
    inputs: { 'drain-timeout': '10s' },
  },
  'remove-volume-attached': {
    ...removal,
    shows: 'the driver of a volume does not detach it from the node',
    code: 'volumes-attached',
    log: [/pvc-/],
    inputs: { 'drain-timeout': '10s' },
  },
  'remove-foreign-mount': {
    ...removal,
    shows: 'the owner’s NFS share is mounted below the kubelet’s folder: the uninstaller would delete what is in it',
    code: 'foreign-mounts',
    log: [/\/var\/lib\/kubelet\/models/, /192\.0\.2\.20:\/export\/models/],
  },
  'remove-uninstall-hangs': {
    ...removal,
    shows: 'the uninstaller waits for ever for a mount whose server has gone',
    code: 'uninstall-timeout',
    inputs: { timeout: '10s' },
  },
  'remove-unreachable': {
    ...removal,
    shows: 'calypso is switched off, and nobody has said that it is gone for good',
    code: 'connection-timeout',
    log: [/host-gone/],
  },
  'remove-node-gone': {
    ...removal,
    shows: 'somebody else deletes the node while it is drained: what is left to do is done',
  },
  'remove-server': {
    ...removal,
    shows: 'calypso is a server of the cluster: it is not for this workflow to take away',
    code: 'leave-role',
  },
}
