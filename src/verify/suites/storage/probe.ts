import { ClusterError, type NodeState } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { gather, skipped, unanswered } from '../../gather.ts'
import { idPart } from '../../ids.ts'
import type { Finding, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { claimKind, type Ending, makeVolume, type PodOutcome, runPod, sweepPods } from '../../pod-run/index.ts'
import { scripts } from '../../scripts.generated.ts'
import { probeImage } from '../network/pod-image.ts'
import { line, typeable } from '../reading.ts'
import type { StorageClass } from './claims.ts'

export const probeEntry = {
  id: 'storage.probe.<node>',
  suite: 'storage',
  asks: 'Does a pod on this node get a volume, write to it, and does another one read that back?',
  severity: 'fail',
  mode: 'probe',
  remedy:
    'kubectl describe pvc and pod while it waits; on a node of Longhorn: open-iscsi, iscsid, and a disk that takes replicas',
} as const satisfies VerifyEntry

/** Nodes in one run: each volume costs the storage a while. */
const mostNodes = 6
const mark = 'k3s-gpu-actions/volume'
const place = '/volume'

const idOf = (node: string): string => `storage.probe.${idPart(node)}`
const questionOf = (node: string): string =>
  `Does a pod on ${node} get a volume, write to it, and does another one read that back?`

/** What a pod said about one step; undefined: nothing. Remote text. */
function answerOf(log: string, what: 'mount' | 'write' | 'read'): { isOk: boolean; said: string } | undefined {
  const found = log.split('\n').find((text) => text.startsWith(`${mark} ${what} `))
  if (found === undefined) return undefined
  const [word = '', ...rest] = found.slice(mark.length + what.length + 2).split(' ')
  return { isOk: word === 'ok', said: line(rest.join(' '), 160) }
}

/** Endings that say something about the volume; all others say why the question was not asked. */
const telling: ReadonlySet<PodOutcome['code']> = new Set(['succeeded', 'failed', 'volume', 'unschedulable', 'deadline'])

/** What became of it on one node. */
export interface VolumeTrial {
  /** The claim may not be made. */
  readonly refusal?: Ending
  readonly writer?: PodOutcome
  readonly reader?: PodOutcome
  /** What was written. */
  readonly text: string
  /** What is said of the claim. Remote text. */
  readonly words: readonly string[]
  /** What could not be taken away again; empty: all is gone. */
  readonly leftover: string
}

/** What one of the two pods tells; undefined: it did what it should. */
function judgePod(
  outcome: PodOutcome,
  what: 'write' | 'read',
  trial: VolumeTrial,
): Omit<Finding, 'namespace' | 'subject'> | undefined {
  const answer = answerOf(outcome.log, what)
  const mount = answerOf(outcome.log, 'mount')
  const { remedy } = probeEntry
  if (mount?.isOk === false)
    return { found: 'its volume is not mounted in the pod', verdict: 'fail', cause: mount.said, remedy }
  if (answer?.isOk === false) {
    const isRight = /permission denied|operation not permitted/i.test(answer.said)
    return {
      found: `a pod cannot ${what} there`,
      verdict: isRight ? 'warn' : 'fail',
      cause: isRight
        ? 'the storage does not give the volume to the group of the pod (fsGroup): only root may use it'
        : 'the storage takes or gives no data',
      remedy: isRight ? 'fsGroupPolicy of its CSIDriver, or rights of the NFS export' : remedy,
      evidence: [answer.said],
    }
  }
  if (answer !== undefined && what === 'read' && answer.said !== trial.text) {
    const cause = 'what one pod wrote did not get to the next: another volume was mounted, or the write was lost'
    return { found: 'reads something else than was written', verdict: 'fail', cause, remedy, evidence: [answer.said] }
  }
  if (answer !== undefined) return undefined
  if (outcome.code === 'succeeded')
    return {
      found: 'its pod ended without an answer',
      verdict: 'warn',
      cause: 'its log could not be read, or was cut',
      remedy,
    }
  const evidence = [...outcome.evidence, ...trial.words].slice(0, 8)
  return { found: outcome.found, verdict: 'fail', cause: outcome.cause, remedy: outcome.remedy || remedy, evidence }
}

/** Judges what the two pods said. Pure. */
export function judgeTrial(node: string, trial: VolumeTrial, wish: VerifyWish): Check {
  const [id, question] = [idOf(node), questionOf(node)]
  const { refusal, writer, reader, leftover } = trial
  const unasked = refusal ?? [writer, reader].find((one) => one !== undefined && !telling.has(one.code))
  const about = { namespace: '', subject: node }
  const kept: readonly Finding[] =
    leftover === ''
      ? []
      : [
          {
            ...about,
            found: 'a volume of this run is still there',
            verdict: 'warn',
            cause: 'the provisioner has not deleted it in the time that it usually takes',
            remedy: `kubectl get pv,pvc --all-namespaces; it is ${line(leftover, 120)}`,
            evidence: [leftover],
          },
        ]
  if (unasked !== undefined && kept.length === 0) {
    const { found, cause, remedy, evidence } = unasked
    return { id, verdict: 'skip', question, found: line(found), cause, remedy, evidence }
  }
  const isAsked = unasked === undefined
  const first = isAsked && writer !== undefined ? judgePod(writer, 'write', trial) : undefined
  const second = isAsked && first === undefined && reader !== undefined ? judgePod(reader, 'read', trial) : undefined
  const findings = [first, second].flatMap((one): readonly Finding[] =>
    one === undefined ? [] : [{ ...about, ...one }],
  )
  const [type = ''] = answerOf(writer?.log ?? '', 'mount')?.said.split(' ') ?? []
  const passed = `a volume of ${wish.storageClass}${type === '' ? '' : ` (${type})`} was written, read by another pod and deleted`
  return gather(id, question, [...findings, ...kept], passed, wish.severities)
}

async function tryNode(ports: VerifyPorts, wish: VerifyWish, node: NodeState): Promise<Check> {
  const image = probeImage([node], wish)
  if (image === undefined) {
    const found = 'no image on the node is known to have a shell; nothing is downloaded for this question'
    return {
      ...skipped(idOf(node.name), questionOf(node.name), found),
      remedy: 'name one: input probe-image, e.g. busybox:stable',
    }
  }
  const text = `${ports.runId} ${node.name}`
  const volume = await makeVolume(ports, wish.namespace, wish.storageClass)
  if ('code' in volume) return judgeTrial(node.name, { refusal: volume, text, words: [], leftover: '' }, wish)
  ports.say(`${node.name}: a pod asks for a volume of ${wish.storageClass}, image ${image.image}`)
  const run = (step: 'write' | 'read'): Promise<PodOutcome> =>
    runPod(
      ports,
      {
        purpose: `volume-${step}`,
        namespace: wish.namespace,
        node,
        ...image,
        command: ['sh', '-c', scripts.volume],
        env: { STEP: step, TEXT: text, VOLUME: place },
        volume: { claim: volume.claim, path: place },
        memoryMiB: 64,
      },
      wish.timeoutMs,
    )
  let writer: PodOutcome | undefined
  let reader: PodOutcome | undefined
  let words: readonly string[] = []
  let leftover: string
  try {
    writer = await run('write')
    if (writer.code === 'succeeded') reader = await run('read')
    if ((reader ?? writer).code !== 'succeeded') words = await volume.words()
  } finally {
    leftover = await volume.remove()
  }
  return judgeTrial(node.name, { writer, ...(reader === undefined ? {} : { reader }), text, words, leftover }, wish)
}

async function askNode(ports: VerifyPorts, wish: VerifyWish, node: NodeState): Promise<Check> {
  try {
    return await tryNode(ports, wish, node)
  } catch (error) {
    ports.signal.throwIfAborted()
    return unanswered(idOf(node.name), questionOf(node.name), error)
  }
}

/** Why a node is not asked; undefined: it is. */
function reasonNotToAsk(node: NodeState): string | undefined {
  if ((node.labels['kubernetes.io/os'] ?? 'linux') !== 'linux') return 'the node does not run Linux'
  if (node.ready !== 'True') return 'the node is not Ready'
  return node.unschedulable ? 'the node is cordoned' : undefined
}

/** What runs before left, once it is older than any run can be. It only tidies up: whoever may not do that asks all the same. */
async function sweep(ports: VerifyPorts, { namespace }: VerifyWish): Promise<void> {
  try {
    const nowMs = ports.lists.serverTimeMs()
    await sweepPods(ports, namespace, nowMs)
    const { removed } = await sweepPods(ports, namespace, nowMs, claimKind)
    if (removed.length > 0) ports.say(`deleted ${removed.join(', ')}, which an earlier run left`)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
  }
}

/** A volume on each node that is asked, one after the other: storage is asked as gently as it is used. */
export async function probeVolumes(
  ports: VerifyPorts,
  wish: VerifyWish,
  classes: () => Promise<readonly StorageClass[]>,
): Promise<readonly Check[]> {
  const { mode, storageClass } = wish
  if (mode === 'observe' || storageClass === '') return []
  const all = await ports.lists.nodes()
  const named = all.filter(({ name }) => wish.nodes.length === 0 || wish.nodes.includes(name))
  const able = named.filter((node) => wish.nodes.length > 0 || reasonNotToAsk(node) === undefined).slice(0, mostNodes)
  let known: readonly StorageClass[]
  try {
    known = await classes()
  } catch (error) {
    return able.map(({ name }) => unanswered(idOf(name), questionOf(name), error))
  }
  const found = known.find(({ name }) => name === storageClass)
  await sweep(ports, wish)
  const checks: Check[] = []
  for (const node of able) checks.push(judgeClass(node, found, wish) ?? (await askNode(ports, wish, node)))
  return checks
}

/** Why no volume is made at all; undefined: one is. */
function judgeClass(node: NodeState, found: StorageClass | undefined, wish: VerifyWish): Check | undefined {
  const [id, question] = [idOf(node.name), questionOf(node.name)]
  const reason = reasonNotToAsk(node)
  if (reason !== undefined) return skipped(id, question, reason)
  if (found === undefined) {
    const finding: Finding = {
      namespace: '',
      subject: node.name,
      found: `there is no storage class ${wish.storageClass}`,
      verdict: 'fail',
      cause: 'whatever brings it is not installed, or has another name',
      remedy: 'kubectl get storageclasses; correct verify.storage.class',
    }
    return gather(id, question, [finding], '', wish.severities)
  }
  if (found.isDeleting) return undefined
  const why = `volumes of ${typeable(wish.storageClass)} are kept when their claim goes (reclaimPolicy Retain): this run would leave one behind`
  return skipped(id, question, why)
}
