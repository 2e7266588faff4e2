/** The promises of verify-cluster, through its committed bundle: inputs in; verdict, outputs, files, summary, issue and exit code out. */
import { describe, expect, it } from '@jest/globals'
import { doors } from './door.ts'
import { objectsOf } from './gpu-runtime-door.ts'
import {
  checksOf,
  counted,
  filesOf,
  idsWith,
  keeping,
  list,
  model,
  outputNames,
  probes,
  verificationOf,
  writes,
} from './verify-cluster-door.ts'
import { readJunit, readMetrics } from './verify-cluster-formats.ts'

const opened = doors()
const limitMs = 240_000

/** What was listed, as often as it was. */
const listed = (requests: readonly string[]): readonly string[] =>
  requests
    .filter((request) => /^GET \S+ 200$/.test(request) && !/\/log\b|watch=true/.test(request))
    .map((request) => request.split(/[ ?]/)[1] ?? '')

describe('a cluster that is well', () => {
  it(
    'is asked for its rights by a dry run, read by observe, proven by probe, and is as it was afterwards',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const before = objectsOf(door)

      const dry = await counted(door, { 'dry-run': 'true', mode: 'probe', ...keeping(door) })
      expect(dry.press).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: { result: 'planned', 'failure-code': '', junit: '', metrics: '', 'issue-url': '' },
      })
      // Whether it answers, and what may be asked: nothing else, of nobody else.
      expect(
        dry.requests.filter((request) => !/\/(version|readyz|apis)\b|\/selfsubject|\/secrets /.test(request)),
      ).toEqual([])
      expect([dry.triton, dry.github]).toEqual([[], []])
      expect(dry.press.stdout).toMatch(/gpu-job\.compute\.<node>/)

      const seen = await counted(door)
      const { press } = seen
      expect(press).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: {
          result: 'verified',
          'failure-code': '',
          // The operator that its owner knows about.
          verdict: 'warn',
          failed: '0',
          'failed-checks': '[]',
          'new-failures': '[]',
          fixed: '[]',
          'gpu-verdict': 'gpu-proved',
          'issue-url': '',
        },
      })
      expect(Object.keys(press.outputs).sort()).toEqual(outputNames)
      const { verdict, passed, warned, skipped, 'triton-p95-ms': p95, report, junit, metrics } = press.outputs
      expect(verdict).toBe('warn')
      expect([passed, warned, skipped]).toEqual(
        [idsWith(press, 'pass'), idsWith(press, 'warn'), idsWith(press, 'skip')].map(({ length }) => String(length)),
      )
      expect(Number(p95)).toBeGreaterThan(0)
      expect(idsWith(press, 'warn')).toEqual(['workloads.pulumi-system', 'workloads.controllers'])
      expect(seen.requests.length).toBeLessThanOrEqual(40)
      expect(verificationOf(press).apiRequests).toBe(seen.requests.length)
      expect([...new Set(listed(seen.requests))].length).toBe(listed(seen.requests).length)
      expect([writes(seen.requests), seen.github]).toEqual([[], []])
      // What Triton must refuse is asked by a probe alone; some questions are a stranger's.
      expect(seen.triton.filter((request) => /\/load\b|\/metrics\b/.test(request))).toEqual([])
      expect(seen.triton.filter((request) => request.includes('anonymous'))).toEqual([
        'GET /v2/health/live 302 anonymous',
        `GET /v2/models/${model} 302 anonymous`,
      ])

      const told = new Map(press.report?.provenance.map(({ name, source }) => [name, source]))
      expect(['cluster', 'server', 'mode', 'flux', 'triton'].map((name) => told.get(name))).toEqual([
        'clusters/oceanid.yaml',
        'kubeconfig',
        'default',
        'clusters/oceanid.yaml',
        'clusters/oceanid.yaml',
      ])

      const files = filesOf(press)
      expect(files.names).toEqual(['junit.xml', 'metrics.prom', 'report.json', 'summary.md'])
      expect([junit, metrics]).toEqual(
        ['junit.xml', 'metrics.prom'].map((name) => report?.replace('report.json', name)),
      )
      expect(press.summary).toBe(files.summary)
      expect(press.summary).toMatch(/^## ⚠️ oceanid: no check fails, 2 of \d+ warn, Triton answers from the GPU\n/)
      const cases = readJunit(files.junit)
      expect([...cases.keys()].sort()).toEqual([...checksOf(press).keys()].sort())
      const inside = (kind: string): number =>
        [...cases.values()].filter(({ children }) => children.some(({ name }) => name === kind)).length
      expect([inside('failure'), inside('error'), String(inside('skipped'))]).toEqual([0, 0, skipped])
      const samples = readMetrics(files.metrics)
      expect(samples.filter(({ name }) => name === 'k3s_gpu_actions_check').length).toBe(cases.size)
      expect(samples.every(({ labels }) => labels.cluster === 'oceanid')).toBe(true)
      expect(samples.find(({ name }) => name === 'k3s_gpu_actions_failing')?.value).toBe(0)

      const probe = await counted(door, { mode: 'probe' })
      expect(probe.press).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'verified', failed: '0' } })
      const checks = checksOf(probe.press)
      expect(['scheduled', 'device', 'compute'].map((what) => checks.get(`gpu-job.${what}.calypso`)?.verdict)).toEqual([
        'pass',
        'pass',
        'pass',
      ])
      expect(checks.get('network.pods.calypso')).toMatchObject({
        verdict: 'skip',
        found: expect.stringMatching(/declared/),
      })
      expect(probe.press.summary).toMatch(/^## ⚠️ .*, the GPU computes, Triton answers from the GPU\n/)
      // What it made it deletes, and nothing else is changed.
      const changes = writes(probe.requests).map((request) => request.replace(/-[0-9a-f]{12}-\d+/, ''))
      expect(
        changes.filter(
          (change) => !/^(POST|DELETE) \/apis\/batch\/v1\/namespaces\/k3s-gpu-actions-verify\/jobs\b/.test(change),
        ),
      ).toEqual([])
      expect(changes.filter((change) => change.startsWith('DELETE')).length).toBe(
        changes.filter((change) => change.startsWith('POST')).length,
      )
      expect(probes(door)).toEqual([])
      expect(probe.triton.filter((request) => /\/load\b/.test(request))).toEqual([
        expect.stringMatching(/^POST \/v2\/repository\/models\/k3s-gpu-actions-no-such-model-[0-9a-f]{12}\/load 503$/),
        expect.stringMatching(/\/load 302 anonymous$/),
      ])
      expect(objectsOf(door)).toEqual(before)
    },
    limitMs,
  )
})

describe('a cluster that fails', () => {
  it(
    'ends the run, opens the one issue, and closes it when all is well again',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { world } = door
      const suites = { suites: 'api, nodes, workloads' }
      const first = (await counted(door, suites)).press
      expect(first).toMatchObject({ exitCode: 0 })

      await world.cluster.comeOver(new Set(['verify-node-not-ready']))
      const broken = (
        await counted(door, { ...suites, 'previous-report': first.outputs.report ?? '', ...keeping(door) })
      ).press
      const id = 'nodes.ready'
      expect(broken).toMatchObject({
        exitCode: 1,
        outputs: { result: 'failed', 'failure-code': 'checks-failed', verdict: 'fail' },
      })
      expect([list(broken, 'failed-checks'), list(broken, 'new-failures')]).toEqual([
        expect.arrayContaining([id]),
        list(broken, 'failed-checks'),
      ])
      expect(broken.outputs.failed).toBe(String(list(broken, 'failed-checks').length))
      expect(Object.keys(broken.outputs).sort()).toEqual(outputNames)
      expect(broken.summary).toMatch(/^## ❌ oceanid: /)
      expect(broken.stdout).toMatch(/^::error title=.*oceanid/m)
      const [issue, ...others] = world.github.issues.all
      expect([issue?.state, others]).toEqual(['open', []])
      expect(issue?.body).toContain(id)
      expect(broken.outputs['issue-url']).toMatch(/\/issues\/1$/)
      expect(
        readJunit(filesOf(broken).junit)
          .get(id)
          ?.children.map(({ name }) => name),
      ).toEqual(['failure'])

      await world.cluster.comeOver(new Set())
      const repaired = (
        await counted(door, { ...suites, 'previous-report': broken.outputs.report ?? '', ...keeping(door) })
      ).press
      expect(repaired).toMatchObject({ exitCode: 0, outputs: { result: 'verified', 'failed-checks': '[]' } })
      expect(list(repaired, 'fixed')).toEqual(list(broken, 'failed-checks'))
      expect(world.github.issues.all.map(({ state, comments }) => [state, comments.length])).toEqual([['closed', 1]])
    },
    limitMs,
  )
})
