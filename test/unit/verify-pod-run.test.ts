/**
 * How one pod is run, and what its end means. The words of API server, scheduler, kubelet and Job controller were recorded on
 * Kubernetes 1.33 and containerd 2.0 in the lab, but for those marked otherwise.
 */
import { describe, expect, it } from '@jest/globals'
import { type ApiObject, ClusterError, type PodEvent, type PodState } from '../../src/kubernetes/index.ts'
import { classify, classifyLate } from '../../src/verify/pod-run/classify.ts'
import { patienceMs } from '../../src/verify/pod-run/ending.ts'
import { type PodOutcome, type PodPorts, type PodSpec, runPod, sweepPods } from '../../src/verify/pod-run/index.ts'
import { jobName, renderJob } from '../../src/verify/pod-run/render.ts'
import { podOf } from './gpu-cluster-world.ts'
import { calypsoNode } from './verify-gpu-world.ts'

const spec: PodSpec = {
  purpose: 'gpu-proof',
  namespace: 'verify',
  node: calypsoNode(),
  image: 'docker.io/lab/not-there:1',
  pull: 'if-missing',
  command: ['/bin/sh', '-c', 'true'],
  devices: { 'nvidia.com/gpu': 1 },
  runtimeClass: 'nvidia',
}
const pending = (...problems: readonly string[]): PodState => podOf({ phase: 'Pending', isReady: false, problems })
const failed = (...problems: readonly string[]): PodState => podOf({ phase: 'Failed', isReady: false, problems })
const tail =
  "3 node(s) didn't match Pod's node affinity/selector. preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."
const dial = 'dial tcp: lookup registry-1.docker.io on 192.0.2.1:53: no such host'
const restricted =
  'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "proof" must set securityContext.allowPrivilegeEscalation=false)'

interface Given {
  readonly pod?: PodState
  readonly events?: readonly string[]
  readonly refusals?: readonly string[]
}

describe('what is certain at once, and what gets time', () => {
  it.each<[string, Given, PodOutcome['code'] | undefined, PodOutcome['code'] | undefined, RegExp]>([
    // After no time, and after all patience.
    ['nothing yet', {}, undefined, undefined, /^/],
    [
      'refused by Pod Security',
      { refusals: [`Error creating: pods "refused-all-656cb" is forbidden: ${restricted}`] },
      'pod-security',
      'pod-security',
      /Pod Security \(restricted\) of the namespace verify/,
    ],
    [
      'quota used up',
      {
        refusals: [
          'Error creating: pods "quota-pods-n8ssn" is forbidden: exceeded quota: few, requested: pods=1, used: pods=0, limited: pods=0',
        ],
      },
      'quota',
      'quota',
      /the quota few of/,
    ],
    [
      'quota that wants a limit',
      {
        refusals: [
          'Error creating: pods "quota-cpu-r7cnm" is forbidden: failed quota: compute: must specify limits.cpu for: proof',
        ],
      },
      'quota',
      'quota',
      /quota compute/,
    ],
    [
      'no RuntimeClass',
      {
        refusals: [
          'Error creating: pods "class-missing-" is forbidden: pod rejected: RuntimeClass "nothere" not found',
        ],
      },
      'refused',
      'refused',
      /no RuntimeClass nothere/,
    ],
    [
      'limit range',
      {
        refusals: [
          'Error creating: pods "limit-range-tlsz7" is forbidden: minimum memory usage per Container is 64Mi, but request is 32Mi',
        ],
      },
      undefined,
      'refused',
      /does not let the pod into/,
    ],
    // kubernetes/kubernetes: plugin/pkg/admission/serviceaccount/admission.go
    [
      'a namespace without service account yet',
      {
        refusals: [
          'Error creating: pods "x-" is forbidden: error looking up service account verify/default: serviceaccount "default" not found',
        ],
      },
      undefined,
      undefined,
      /^/,
    ],
    [
      'no GPU free',
      { pod: pending(`Unschedulable: 0/4 nodes are available: 1 Insufficient nvidia.com/gpu, ${tail}`) },
      undefined,
      'insufficient',
      /too little of nvidia.com\/gpu/,
    ],
    [
      'no memory free',
      { pod: pending(`Unschedulable: 0/4 nodes are available: 1 Insufficient memory, ${tail}`) },
      undefined,
      'insufficient',
      /too little of memory/,
    ],
    [
      'busy, beside a tainted server',
      {
        pod: pending(
          `Unschedulable: 0/4 nodes are available: 1 Insufficient nvidia.com/gpu, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, ${tail}`,
        ),
      },
      undefined,
      'insufficient',
      /nvidia.com/,
    ],
    [
      'a taint',
      {
        pod: pending(
          `Unschedulable: 0/4 nodes are available: 1 node(s) had untolerated taint {workload-type: gpu-compute}, ${tail}`,
        ),
      },
      undefined,
      'taint',
      /workload-type: gpu-compute/,
    ],
    [
      'no such host name',
      { pod: pending(`Unschedulable: 0/4 nodes are available: 4 ${tail.slice(2)}`) },
      undefined,
      'no-node',
      /no node answers to the host name/,
    ],
    [
      "a taint or a cordon, of which one is another node's",
      {
        pod: pending(
          `Unschedulable: 0/4 nodes are available: 1 node(s) had untolerated taint {a: b}, 1 node(s) were unschedulable, ${tail}`,
        ),
      },
      undefined,
      'taint',
      /away from calypso: a: b, or that it is cordoned/,
    ],
    [
      'cordoned, in its other words',
      {
        pod: pending(
          `Unschedulable: 0/4 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unschedulable: }, ${tail}`,
        ),
      },
      undefined,
      'no-node',
      /is cordoned/,
    ],
    [
      'cordoned',
      { pod: pending(`Unschedulable: 0/4 nodes are available: 1 node(s) were unschedulable, ${tail}`) },
      undefined,
      'no-node',
      /is cordoned/,
    ],
    [
      'another reason of the scheduler',
      { pod: pending('Unschedulable: 0/4 nodes are available: 1 node(s) had bad weather.') },
      undefined,
      'unschedulable',
      /does not place/,
    ],
    [
      'no registry',
      { pod: pending(`ErrImagePull: failed to pull and unpack image "docker.io/lab/not-there:1": ${dial}`) },
      'image',
      'image',
      /is not on calypso and cannot be fetched/,
    ],
    [
      'a registry that is slow',
      { pod: pending('ImagePullBackOff: Back-off pulling image "x": ErrImagePull: i/o timeout') },
      undefined,
      'image',
      /cannot be fetched/,
    ],
    [
      'never pulled',
      {
        pod: pending(
          'ErrImageNeverPull: Container image "docker.io/lab/not-there:1" is not present with pull policy of Never',
        ),
      },
      'image',
      'image',
      /^/,
    ],
    [
      'a bad name',
      {
        pod: pending(
          'InvalidImageName: Failed to apply default image tag "Docker.IO/Lab/UPPER:1": couldn\'t parse image name',
        ),
      },
      'image',
      'image',
      /^/,
    ],
    [
      'a Secret that is gone',
      { pod: pending('CreateContainerConfigError: secret "gone" not found') },
      'container',
      'container',
      /did not start the container/,
    ],
    [
      'no handler',
      {
        pod: pending(),
        events: [
          'FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "5b49": no runtime for "nvidia" is configured',
        ],
      },
      'sandbox',
      'sandbox',
      /containerd of calypso has no runtime nvidia/,
    ],
    [
      'no network',
      {
        pod: pending(),
        events: [
          'FailedCreatePodSandBox: plugin type="flannel" failed (add): open /run/flannel/subnet.env: no such file or directory',
        ],
      },
      undefined,
      'sandbox',
      /does not make the pod's sandbox/,
    ],
    [
      'no such program',
      {
        pod: failed(
          'container probe ended with exit code 128 (StartError): failed to create containerd task: exec: "/no/such/program": stat /no/such/program: no such file or directory',
        ),
      },
      'container',
      'container',
      /^/,
    ],
    [
      'exit code 3',
      { pod: failed('container probe ended with exit code 3 (Error)') },
      'failed',
      'failed',
      /exit code 3/,
    ],
    [
      'out of memory',
      { pod: failed('container probe ended with exit code 137 (OOMKilled)') },
      'failed',
      'failed',
      /out of memory/,
    ],
    // kubernetes/kubernetes#124345
    [
      'a device that is not there',
      {
        pod: failed(
          'UnexpectedAdmissionError: Pod was rejected: Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected',
        ),
      },
      'not-admitted',
      'not-admitted',
      /did not admit the pod: UnexpectedAdmissionError/,
    ],
    // kubernetes/kubernetes: pkg/kubelet/lifecycle/predicate.go
    [
      'another pod came first',
      { pod: failed("OutOfnvidia.com/gpu: Pod was rejected: Node didn't have enough resource: nvidia.com/gpu") },
      'insufficient',
      'insufficient',
      /nvidia.com\/gpu/,
    ],
    [
      'evicted',
      { pod: failed('Evicted: The node was low on resource: ephemeral-storage.') },
      'taken-away',
      'taken-away',
      /taken off calypso: Evicted/,
    ],
    ['running', { pod: podOf() }, undefined, undefined, /^/],
    ['done', { pod: podOf({ phase: 'Succeeded' }) }, 'succeeded', 'succeeded', /^/],
  ])('%s', (_, { pod, events = [], refusals = [] }, atOnce, late, found) => {
    const moment = { ...(pod ? { pod } : {}), podEvents: events, refusals }
    expect(classify({ ...moment, waitedMs: 0 }, spec)?.code).toBe(atOnce)
    const ending = classify({ ...moment, waitedMs: Math.max(...Object.values(patienceMs)) }, spec)
    expect(ending?.code).toBe(late)
    expect(ending?.found ?? '').toMatch(found)
    if (late !== undefined && late !== 'succeeded') expect([ending?.cause, ending?.remedy]).not.toContain('')
    // Names of pods differ every night, and belong into no sentence.
    expect(JSON.stringify(ending ?? '')).not.toMatch(/656cb|n8ssn|tlsz7/)
  })

  it.each<[string, Given, boolean, RegExp]>([
    [
      'still pulling',
      { pod: pending(), events: ['Pulling: Pulling image "x"', 'Scheduled: Successfully assigned'] },
      true,
      /still being fetched/,
    ],
    ['hanging', { pod: podOf() }, true, /did not end within 60 s/],
    ['no pod', {}, false, /no pod of the Job appeared/],
    [
      'not started',
      { pod: pending(), events: ['Scheduled: Successfully assigned verify/x to calypso'] },
      true,
      /did not start on calypso/,
    ],
    [
      'placed, where events may not be read',
      { pod: { ...pending(), node: 'calypso' } },
      true,
      /did not start on calypso/,
    ],
    ['not even scheduled', { pod: pending() }, false, /did not start on calypso/],
  ])('says what it was doing when time was over: %s', (_, { pod, events = [] }, isAdmitted, found) => {
    const ending = classifyLate({ ...(pod ? { pod } : {}), podEvents: events, refusals: [], waitedMs: 0 }, spec, 60_000)
    expect([ending.code, ending.isAdmitted, ending.found]).toEqual([
      'deadline',
      isAdmitted,
      expect.stringMatching(found),
    ])
  })

  it('bounds hostile words', () => {
    const ending = classify(
      {
        pod: pending(`Unschedulable: 0/4: untolerated taint {${'::error::\u202e'.repeat(900)}}`),
        podEvents: [],
        refusals: [],
        waitedMs: 1e9,
      },
      spec,
    )
    expect(ending?.found.length).toBeLessThan(500)
    expect(ending?.evidence.join('').length).toBeLessThan(400)
  })
})

describe('the Job', () => {
  const job = renderJob(spec, { key: 'run000000001-1', runId: 'run000000001', label: 'run 41 of o/r' }, 60_000) as {
    metadata: { name: string; labels: object }
    spec: {
      activeDeadlineSeconds: number
      template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } }
    }
  }
  it('goes through the scheduler, to one node, with its taints but not those of controllers', () => {
    const { nodeSelector, tolerations, nodeName } = job.spec.template.spec
    expect([nodeSelector, nodeName]).toEqual([{ 'kubernetes.io/hostname': 'calypso' }, undefined])
    expect(tolerations).toEqual([
      { key: 'workload-type', operator: 'Equal', value: 'gpu-compute', effect: 'NoSchedule' },
    ])
    const sick = renderJob(
      { ...spec, node: calypsoNode({ taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] }) },
      { key: 'k-1', runId: 'k', label: '' },
      1,
    )
    expect(JSON.stringify(sick)).toContain('"tolerations":[]')
  })

  it('is what Pod Security restricted accepts, and has no account of the cluster', () => {
    expect(job.spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
    })
    expect(JSON.stringify(job)).not.toMatch(/hostPath|hostNetwork|privileged"/)
  })

  it('outlives our own deadline, since with its own every word about the pod is deleted', () => {
    expect(job.spec.activeDeadlineSeconds).toBeGreaterThan(60 + 120)
  })

  it('has a name that is also a label', () => {
    expect(job.metadata.name).toBe('k3s-gpu-actions-gpu-proof-run000000001-1')
    expect(jobName('a'.repeat(80), { key: 'run000000001-1' }).length).toBeLessThanOrEqual(57)
  })
})

const status = (code: ClusterError['code'], evidence: readonly string[] = []): ClusterError =>
  new ClusterError(code, { title: `title ${code}`, cause: 'c', remedy: 'r', evidence })

/** A cluster of one namespace: what becomes of a Job is the test's. */
function world(script: (show: (event: PodEvent) => void) => void = () => undefined) {
  const log: string[] = []
  const jobs = new Map<string, ApiObject>()
  const cancel = new AbortController()
  let show: (event: PodEvent) => void = () => undefined
  const state = {
    createFault: [] as (ClusterError | 'lost')[],
    deleteFault: undefined as ClusterError | undefined,
    goes: true,
    events: [] as ApiObject[],
    pods: [] as PodState[],
  }
  const tell = (event: PodEvent): void => {
    if (event.type === 'pod') state.pods = [event.pod]
    show(event)
  }
  const cluster: PodPorts['cluster'] = {
    async createObject(kind, object) {
      const { name } = (object as { metadata: { name: string } }).metadata
      log.push(`create ${kind.resource} ${name}`)
      const fault = kind.resource === 'jobs' ? state.createFault.shift() : undefined
      if (fault === 'lost') jobs.set(name, object)
      if (fault !== undefined) throw fault === 'lost' ? status('timeout') : fault
      if (kind.resource === 'jobs') {
        jobs.set(name, object)
        setTimeout(() => script(tell), 5)
      }
      return { name, uid: `uid-${name}` }
    },
    async deleteObject(kind, namespace, name, uid) {
      log.push(`delete ${kind.resource} ${namespace}/${name}`)
      expect(uid).toBe(`uid-${name}`)
      if (state.deleteFault) throw state.deleteFault
      jobs.delete(name)
      const [pod] = state.pods
      if (state.goes && pod) setTimeout(() => show({ type: 'gone', namespace, name: pod.name }), 2)
    },
    async watchPodsWith(_namespace, selector, onEvent, signal) {
      log.push(`watch ${selector}`)
      show = onEvent
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    },
    async podEvents() {
      return []
    },
    async podLog(_namespace, name) {
      log.push(`log of ${name}`)
      return 'said'
    },
    async list(kind, read) {
      const found =
        kind.resource === 'events'
          ? state.events
          : [...jobs.values()].map((job) => ({
              ...job,
              metadata: { ...(job.metadata as object), uid: `uid-${(job.metadata as { name: string }).name}` },
            }))
      return found.map(read)
    },
  }
  const ports: PodPorts = {
    cluster,
    now: () => Date.now(),
    runId: 'run000000001',
    label: 'a test',
    say: (line) => log.push(line),
    signal: cancel.signal,
  }
  const run = (deadlineMs = 2_000) => runPod(ports, spec, deadlineMs, { judgeMs: 5, askMs: 10, goneMs: 50 })
  return { log, jobs, state, cancel, ports, run, show: tell }
}
const shown = (pod: PodState): PodEvent => ({ type: 'pod', pod })
const done = podOf({ phase: 'Succeeded', isReady: false })

describe('runPod', () => {
  it('creates, watches, reads the log, deletes, and sees the pod go', async () => {
    const { run, log, jobs } = world((show) => show(shown(done)))
    const outcome = await run()
    expect(outcome).toMatchObject({ code: 'succeeded', log: 'said', isRemoved: true, leftover: '' })
    expect(log.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'create jobs',
      expect.stringMatching(/^watch k3s-gpu-actions\/pod-run=run000000001-\d+$/),
      'log of',
      'delete jobs',
    ])
    expect(jobs.size).toBe(0)
  })

  it('says what it could not see go', async () => {
    const one = world((show) => show(shown(done)))
    one.state.goes = false
    expect(await one.run()).toMatchObject({
      code: 'succeeded',
      isRemoved: false,
      leftover: expect.stringMatching(/^verify\/k3s-gpu-actions-gpu-proof-/),
    })
    const other = world((show) => show(shown(done)))
    other.state.deleteFault = status('timeout')
    expect(await other.run()).toMatchObject({ code: 'succeeded', isRemoved: false })
  })

  it('makes the namespace that is missing, labelled, and says who has to when it may not', async () => {
    const one = world((show) => show(shown(done)))
    one.state.createFault = [status('not-found')]
    expect(await one.run()).toMatchObject({ code: 'succeeded' })
    expect(one.log[1]).toBe('create namespaces verify')
    const other = world()
    other.state.createFault = [status('not-found')]
    const create = other.ports.cluster.createObject
    const cluster = {
      ...other.ports.cluster,
      createObject: (...all: Parameters<typeof create>) =>
        all[0].resource === 'namespaces' ? Promise.reject(status('forbidden')) : create(...all),
    }
    const outcome = await runPod({ ...other.ports, cluster }, spec, 1_000)
    expect(outcome).toMatchObject({
      code: 'no-namespace',
      remedy: expect.stringContaining('manifests/verify-probe-rbac.yaml'),
      isRemoved: true,
    })
  })

  it.each<[string, ClusterError, PodOutcome['code'] | 'thrown']>([
    ['no right', status('forbidden'), 'not-allowed'],
    ['a namespace that goes', status('refused', ['is being terminated']), 'refused'],
    ['a webhook', status('refused'), 'refused'],
    ['no answer', status('api-unreachable'), 'thrown'],
    ['a name that is taken by another', status('already-exists'), 'thrown'],
  ])('cannot create: %s', async (_, fault, code) => {
    const { run, state, jobs } = world()
    state.createFault = [fault]
    const outcome = run().then(
      (one) => one.code,
      (error: unknown) => (error === fault ? 'thrown' : error),
    )
    expect(await outcome).toBe(code)
    expect(jobs.size).toBe(0)
  })

  it('deletes what a lost answer may have made', async () => {
    const { run, state, jobs, log } = world()
    state.createFault = ['lost']
    await expect(run()).rejects.toMatchObject({ code: 'timeout' })
    expect([jobs.size, log.some((line) => line.startsWith('delete jobs'))]).toEqual([0, true])
  })

  it('hears from the Job that no pod is let in', async () => {
    const { run, state } = world()
    state.events = [
      { reason: 'SuccessfulCreate', message: 'x' },
      {
        reason: 'FailedCreate',
        message: `Error creating: pods "a-1" is forbidden: ${restricted}`,
        lastTimestamp: '2026-11-22T01:53:14Z',
      },
    ]
    expect(await run()).toMatchObject({ code: 'pod-security', log: '', isRemoved: true })
  })

  it('takes a pod that was deleted by others for what it is', async () => {
    const { run } = world((show) => {
      show(shown(podOf()))
      show({ type: 'gone', namespace: 'verify', name: podOf().name })
    })
    expect(await run()).toMatchObject({ code: 'taken-away' })
  })

  it('ends at its deadline', async () => {
    const { run } = world((show) => show(shown(podOf())))
    expect(await run(40)).toMatchObject({ code: 'deadline', isRemoved: true })
  })

  it.each<[string, (one: ReturnType<typeof world>) => void]>([
    ['while it runs', (one) => one.show(shown(podOf()))],
    ['before there is a pod', () => undefined],
  ])('deletes it when the run is cancelled %s', async (_, before) => {
    const one = world()
    const running = one.run(60_000)
    await new Promise((resolve) => setTimeout(resolve, 15))
    before(one)
    const reason = new Error('cancelled')
    one.cancel.abort(reason)
    await expect(running).rejects.toBe(reason)
    expect([one.jobs.size, one.log.at(-1)]).toEqual([0, expect.stringMatching(/^delete jobs/)])
  })

  it('deletes it when the watch breaks', async () => {
    const one = world()
    const fault = status('forbidden')
    const cluster = { ...one.ports.cluster, watchPodsWith: () => Promise.reject(fault) }
    await expect(runPod({ ...one.ports, cluster }, spec, 1_000, { judgeMs: 5, askMs: 5, goneMs: 5 })).rejects.toBe(
      fault,
    )
    expect(one.jobs.size).toBe(0)
  })
})

describe('sweepPods', () => {
  const nowMs = Date.parse('2026-11-22T02:00:00Z')
  const job = (name: string, creationTimestamp: string, more: object = {}): ApiObject => ({
    metadata: { name, creationTimestamp, ...more },
  })
  it('deletes what is older than any run, and nothing else', async () => {
    const { ports, jobs, state } = world()
    jobs.set('old', job('old', '2026-11-22T00:59:00Z'))
    jobs.set('new', job('new', '2026-11-22T01:30:00Z'))
    jobs.set('going', job('going', '2026-11-22T00:00:00Z', { deletionTimestamp: '2026-11-22T01:59:00Z' }))
    jobs.set('strange', job('strange', 'yesterday'))
    expect(await sweepPods(ports, 'verify', nowMs)).toEqual({ removed: ['old'], left: [] })
    expect([...jobs.keys()]).toEqual(['new', 'going', 'strange'])
    jobs.set('stuck', job('stuck', '2026-11-22T00:59:00Z'))
    state.deleteFault = status('forbidden')
    expect(await sweepPods(ports, 'verify', nowMs)).toEqual({
      removed: [],
      left: [{ name: 'stuck', why: 'title forbidden' }],
    })
  })
})
