/** The embedded oceanid at night, met by the real suites of verification with the shipped rights. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { VerifyFault } from '../../rehearsal/contract.ts'
import { verifyFaults } from '../../rehearsal/scenarios/index.ts'
import { startWorld } from '../../rehearsal/world.ts'
import { type Night, type Nights, openNights } from './rehearsal-verify-night.ts'

let nights: Nights
let before: Night
beforeAll(async () => {
  nights = await openNights()
  before = await nights.night([])
}, 20_000)
afterAll(() => nights.close())

const verdicts = ({ checks }: Night): Readonly<Record<string, string>> =>
  Object.fromEntries([...checks].map(([id, { verdict }]) => [id, verdict]))
const worse = (night: Night): readonly string[] =>
  [...night.checks.values()].filter(({ verdict }) => !['pass', 'skip'].includes(verdict)).map(({ id }) => id)

describe('oceanid at night', () => {
  it('is well, but for the operator whose image has not been there for twelve days', () => {
    expect(worse(before)).toEqual(['workloads.pulumi-system', 'workloads.controllers'])
    expect(before.checks.get('workloads.pulumi-system')?.found).toContain('ImagePullBackOff for 12 days')
    expect(before.checks.get('gpu-job.compute.calypso')?.found).toContain('computed what was asked')
    expect(before.checks.get('network.pods.calypso')).toMatchObject({
      verdict: 'skip',
      found: 'declared (pod-network: isolated)',
    })
    expect(before.requests).toBeLessThan(80)
  })

  it('shows twenty things at once that are wrong, and is as before when they are gone', async () => {
    const faults = [
      'verify-node-cordoned',
      'verify-node-labels',
      'verify-pod-crash-loop',
      'verify-pod-image',
      'verify-job-failed',
      'verify-flux-not-ready',
      'verify-flux-suspended',
      'verify-volume-degraded',
      'verify-disk-full',
      'verify-claim-pending',
      'verify-certificate-soon',
      'verify-node-certificates',
      'verify-token-left',
      'verify-target-down',
      'verify-api-not-ready',
      'verify-pod-evicted',
      'verify-dns-down',
      'verify-node-not-ready',
      'verify-gpu-capacity-zero',
      'verify-api-slow-pages-410',
    ] as const satisfies VerifyFault[]
    const night = await nights.night(faults)
    const told = verdicts(night)
    // A pod that was evicted is told of beside the one that crashes, which is worse.
    const expected = Object.assign({}, ...faults.map((name) => verifyFaults[name].checks), { 'workloads.apps': 'fail' })
    expect(told).toMatchObject(expected)
    expect(night.checks.get('workloads.apps')?.found).toMatch(/CrashLoopBackOff.*Evicted|Evicted.*CrashLoopBackOff/)
    expect(night.checks.get('gpu-job.compute.calypso')?.found).toBe('blocked by gpu.capacity.calypso')
    const after = await nights.night([])
    expect(verdicts(after)).toEqual(verdicts(before))
    for (const [id, { found }] of after.checks)
      if (id !== 'api.reachable') expect([id, found]).toEqual([id, before.checks.get(id)?.found])
  }, 20_000)

  it('proves the GPU by what it computes and which it is, and says who else keeps it from doing so', async () => {
    const suites = ['gpu', 'gpu-job'] as const
    const gpu = async (fault: VerifyFault) => (await nights.night([fault], suites)).checks
    const wrong = await gpu('verify-gpu-compute-wrong')
    expect(wrong.get('gpu-job.compute.calypso')).toMatchObject({ verdict: 'fail' })
    const other = await gpu('verify-gpu-other-device')
    expect(other.get('gpu-job.device.calypso')?.found).toContain('another GPU than was recorded')
    const busy = await gpu('verify-gpu-busy')
    expect(busy.get('gpu-job.compute.calypso')?.verdict).toBe('skip')
    expect(busy.get('gpu-job.device.calypso')?.verdict).toBe('pass')
    const rejected = await gpu('verify-gpu-rejected')
    expect(rejected.get('gpu-job.scheduled.calypso')).toMatchObject({ verdict: 'fail' })
    const refused = await gpu('verify-gpu-job-refused')
    expect(refused.get('gpu-job.scheduled.calypso')?.evidence?.join('\n')).toContain(
      'unrestricted capabilities (container "istio-init" must not include',
    )
    const runtime = await gpu('verify-gpu-runtime')
    expect(runtime.get('gpu-job.device.calypso')?.found).toContain('no runtime nvidia')
    expect(nights.world.objects.list('jobs/k3s-gpu-actions-verify')).toEqual([])
    expect(nights.world.objects.list('pods/k3s-gpu-actions-verify')).toEqual([])
  }, 20_000)

  it('lets a run that lost rights skip what it may not ask, and names them', async () => {
    const { checks } = await nights.night(['verify-no-rights'], ['api', 'nodes', 'storage', 'flux'])
    expect(checks.get('api.rights')).toMatchObject({ verdict: 'warn', found: expect.stringContaining('list leases') })
    for (const id of ['nodes.heartbeat', 'storage.claims', 'flux.ready']) expect(checks.get(id)?.verdict).toBe('skip')
  })

  it('tells of a node that died while it is Ready still, by its Lease', async () => {
    const { checks } = await nights.night(['verify-node-dead'], ['nodes'])
    expect([checks.get('nodes.heartbeat')?.verdict, checks.get('nodes.ready')?.verdict]).toEqual(['fail', 'pass'])
  })

  it('shows a certificate of the API server that ends soon', async () => {
    const soon = await openNights(['verify-server-certificate-soon'])
    try {
      const { checks } = await soon.night([], ['certificates'])
      expect(checks.get('certificates.server')?.verdict).toBe('warn')
    } finally {
      await soon.close()
    }
  })

  it('is there in the world of a workflow, whose calypso nobody has to join before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'world-'))
    const world = await startWorld({ directory: folder, faults: new Set(), calypso: 'in-service', pace: 0.1 })
    try {
      expect(world.cluster.objects.get('nodes/calypso')?.metadata.annotations).toHaveProperty(['k3s-gpu-actions/gpu'])
      await world.cluster.comeOver(new Set(['verify-flux-suspended']))
      const suspended = world.cluster.objects
        .list('kustomizations.kustomize.toolkit.fluxcd.io')
        .filter(({ spec }) => (spec as { suspend?: boolean }).suspend)
      expect(suspended.map(({ metadata }) => metadata.name)).toEqual(['infrastructure'])
    } finally {
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }, 20_000)
})
