import type { AccessRequest, ApiObject, KindReference } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { blocked, gather, skipped, unanswered } from '../../gather.ts'
import type { Finding, PodSeen, Suite, SuiteOutcome, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { typeable } from '../reading.ts'
import { outdated, suspended, unready } from './judge.ts'
import { type FluxKind, fluxGroups, fluxKinds } from './kinds.ts'
import { type FluxObject, readFluxObject } from './object.ts'

const installed = {
  id: 'flux.installed',
  suite: 'flux',
  asks: 'Is Flux installed, and do its controllers run?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'flux check; kubectl -n flux-system get pods',
} as const satisfies VerifyEntry
const ready = {
  id: 'flux.ready',
  suite: 'flux',
  asks: 'Is every object that Flux reconciles ready?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'flux get all --all-namespaces --status-selector ready=false',
} as const satisfies VerifyEntry
const notSuspended = {
  id: 'flux.suspended',
  suite: 'flux',
  asks: 'Does Flux reconcile all of its objects, none of them suspended?',
  severity: 'warn',
  mode: 'observe',
  remedy: 'flux resume <kind> <name> --namespace <namespace>',
} as const satisfies VerifyEntry
const current = {
  id: 'flux.current',
  suite: 'flux',
  asks: 'Has Flux carried out the newest generation and the newest revision of everything?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'flux reconcile kustomization <name> --namespace <namespace> --with-source',
} as const satisfies VerifyEntry
const afterInstalled = [ready, notSuspended, current]

// One reader a kind, made once: lists are kept by their reader.
const readers: ReadonlyMap<string, (object: ApiObject) => FluxObject> = new Map(
  fluxKinds.map(({ kind }) => [kind, (object: ApiObject) => readFluxObject(kind, object)]),
)

/**
 * In the newest version that has the kind: GitRepository is v1 since Flux 2.0, helm sources since 2.3, Bucket since 2.4, OCIRepository
 * since 2.6 (fluxcd/flux2: release notes), and their group prefers v1 all that time.
 */
async function listKind({ lists }: VerifyPorts, { kind, group, resource }: FluxKind): Promise<readonly FluxObject[]> {
  const read = readers.get(kind)
  if (read === undefined) return []
  for (const version of await lists.versionsOf(group)) {
    const reference: KindReference = { group, version, resource }
    const objects = await lists.of(reference, read)
    if (objects !== undefined) return objects
  }
  return []
}

async function listObjects(ports: VerifyPorts): Promise<readonly FluxObject[]> {
  return (await Promise.all(fluxKinds.map((kind) => listKind(ports, kind)))).flat()
}

/** A controller's pod says who it is by its label `app`: config/manager/deployment.yaml of each controller's repository. */
function controllerOf({ labels }: PodSeen): string {
  return labels['app.kubernetes.io/component'] ?? labels.app ?? ''
}

/** Controllers that somebody needs and that have no ready pod. */
export function missingControllers(objects: readonly FluxObject[], pods: readonly PodSeen[]): readonly Finding[] {
  const used = new Set(objects.map(({ kind }) => kind))
  const needed = new Set(fluxKinds.filter(({ kind }) => used.has(kind)).map(({ controller }) => controller))
  return [...needed].flatMap((controller) => {
    const own = pods.filter((pod) => controllerOf(pod) === controller)
    if (own.some(({ isReady }) => isReady)) return []
    const [pod] = own
    const namespace = pod?.namespace ?? 'flux-system'
    const [trouble] = pod?.troubles ?? []
    return {
      namespace,
      subject: controller,
      found:
        pod === undefined ? 'has no pod' : `its pod is not ready${trouble === undefined ? '' : ` (${trouble.reason})`}`,
      verdict: 'fail',
      cause: trouble?.message || 'nobody reconciles its objects: what they say about themselves is old',
      remedy: `kubectl -n ${typeable(namespace, 'NAMESPACE')} describe deployment ${controller}`,
    }
  })
}

async function pods(ports: VerifyPorts): Promise<readonly PodSeen[] | Check> {
  try {
    return await ports.lists.pods()
  } catch (error) {
    return unanswered(installed.id, installed.asks, error)
  }
}

async function installation(ports: VerifyPorts, wish: VerifyWish, objects: readonly FluxObject[]): Promise<Check> {
  const seen = await pods(ports)
  if ('verdict' in seen) return seen
  const controllers = new Set(
    seen.map(controllerOf).filter((name) => fluxKinds.some((kind) => kind.controller === name)),
  )
  const findings = [...missingControllers(objects, seen)]
  if (objects.length === 0 && controllers.size === 0) {
    findings.push({
      namespace: 'flux-system',
      subject: 'Flux',
      found: 'its kinds are there, but neither controllers nor objects',
      verdict: wish.flux === 'required' ? 'fail' : 'warn',
      cause: 'Flux was removed and its kinds were left, or it was never bootstrapped',
      remedy: installed.remedy,
    })
  }
  const passed = `${controllers.size} controllers, ${objects.length} objects`
  return gather(installed.id, installed.asks, findings, passed, wish.severities)
}

function absent(wish: VerifyWish): readonly Check[] {
  const isRequired = wish.flux === 'required'
  const finding: Finding = {
    namespace: '',
    subject: 'Flux',
    found: 'this cluster serves none of its kinds',
    verdict: 'fail',
    cause: 'Flux was never installed here, or its custom resource definitions were deleted',
    remedy: 'install it (flux bootstrap …), or say verify.flux: optional in the cluster file',
  }
  if (!isRequired) {
    return [installed, ...afterInstalled].map(({ id, asks }) => skipped(id, asks, 'this cluster has no Flux'))
  }
  return [
    gather(installed.id, installed.asks, [finding], '', wish.severities),
    ...afterInstalled.map(({ id, asks }) => blocked(id, installed.id, asks)),
  ]
}

/** The three checks of what Flux's objects say, by the cluster's clock. */
export function judgeFlux(
  objects: readonly FluxObject[],
  nowMs: number,
  severities: VerifyWish['severities'],
): readonly Check[] {
  const active = objects.filter(({ isSuspended, isStatic }) => !isSuspended && !isStatic)
  const { findings, waiting } = unready(objects, nowMs)
  const others = waiting === 0 ? '' : `, ${waiting} more wait for them`
  const lead = `${active.length - findings.length - waiting} of ${active.length} objects are ready${others}`
  return [
    gather(ready.id, ready.asks, findings, `all ${active.length} objects are ready`, severities, lead),
    gather(notSuspended.id, notSuspended.asks, suspended(objects), 'nothing is suspended', severities),
    gather(current.id, current.asks, outdated(objects, nowMs), 'everything that was fetched is applied', severities),
  ]
}

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  if (wish.flux === 'ignored') return { checks: [] }
  const served = await Promise.all(fluxGroups.map((group) => ports.lists.versionsOf(group)))
  if (served.every((versions) => versions.length === 0)) return { checks: absent(wish) }
  let objects: readonly FluxObject[]
  try {
    objects = await listObjects(ports)
  } catch (error) {
    return { checks: [installed, ...afterInstalled].map(({ id, asks }) => unanswered(id, asks, error)) }
  }
  return {
    checks: [
      await installation(ports, wish, objects),
      ...judgeFlux(objects, ports.lists.serverTimeMs(), wish.severities),
    ],
    metrics: {
      flux_objects: objects.length,
      flux_suspended: objects.filter(({ isSuspended }) => isSuspended).length,
    },
  }
}

function access({ flux }: VerifyWish): readonly AccessRequest[] {
  if (flux === 'ignored') return []
  const list = (group: string, resource: string) => ({ verb: 'list', group, resource })
  return [...fluxKinds.map(({ group, resource }) => list(group, resource)), list('', 'pods')]
}

/** What Flux says of itself; what it says is only worth something while its controllers run. */
export const fluxSuite: Suite = { name: 'flux', entries: [installed, ...afterInstalled], access, verify }
