import { quoteRemote } from '../../kubernetes/index.ts'
import { type Ending, ending } from './ending.ts'
import type { PodSpec } from './model.ts'

/** `0/4 nodes are available: …` (kubernetes/kubernetes: pkg/scheduler/framework/types.go, FitError). */
export function classifyUnschedulable(text: string, { node, devices }: PodSpec): Ending {
  const reasons = text.split(/ preemption: /)[0] ?? ''
  const evidence = [text]
  // Resources are looked at last, and of one node alone: the others do not have the host name that is asked for.
  const missing = /Insufficient ([A-Za-z0-9./-]+)/.exec(reasons)?.[1]?.replace(/[.,]$/, '')
  if (missing !== undefined) {
    const isDevice = Object.hasOwn(devices ?? {}, missing)
    return ending(
      'insufficient',
      false,
      {
        found: `${node.name} has too little of ${missing} left for the pod`,
        cause: isDevice
          ? 'pods hold all of it, or the device plugin offers less than before'
          : 'what runs there has reserved it',
        remedy: `kubectl describe node ${node.name} shows who holds it`,
      },
      evidence,
      { missing },
    )
  }
  // Two texts for one thing: the flag, and once the scheduler has seen it, the taint.
  const isCordoned = /were unschedulable|untolerated taint \{node\.kubernetes\.io\/unschedulable:/.test(reasons)
  // The words do not say of which node: a cordon may be another's, where a taint is said besides, and the other way round.
  const taint = /untolerated taint (?:\{(?!node\.kubernetes\.io\/unschedulable:)([^}]*)\}|\(s\))/.exec(reasons)
  if (taint !== null) {
    const name = `${quoteRemote(taint[1] ?? '')}${isCordoned ? ', or that it is cordoned' : ''}`
    return ending(
      'taint',
      false,
      {
        found: `a taint keeps the pod away from ${node.name}${name ? `: ${name}` : ''}`,
        cause: 'the node got it after it was read: it is being drained, or a controller found something wrong with it',
        remedy: `kubectl describe node ${node.name}; run again when it is gone`,
      },
      evidence,
    )
  }
  if (isCordoned || /didn't match Pod's node affinity\/selector/.test(reasons)) {
    return ending(
      'no-node',
      false,
      {
        found: isCordoned ? `${node.name} is cordoned` : `no node answers to the host name of ${node.name}`,
        cause: isCordoned
          ? 'somebody closed it to new pods'
          : 'its label kubernetes.io/hostname is another, or it is gone',
        remedy: isCordoned ? `kubectl uncordon ${node.name}` : `kubectl get node ${node.name} --show-labels`,
      },
      evidence,
    )
  }
  return ending(
    'unschedulable',
    false,
    {
      found: `the scheduler does not place the pod on ${node.name}`,
      cause: 'it gives a reason that this program does not know; see the evidence',
      remedy: `kubectl describe node ${node.name}`,
    },
    evidence,
  )
}
