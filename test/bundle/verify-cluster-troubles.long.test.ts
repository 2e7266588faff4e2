/** Runs of verify-cluster that can ask little or nothing, through its bundle: what is told, and what is no verdict about the cluster. */
import { describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import { doors } from './door.ts'
import { apiAt, checksOf, counted, idsWith, lay, list, model, outputNames, requestsOf } from './verify-cluster-door.ts'
import { startFront } from './verify-cluster-front.ts'

const opened = doors()
const limitMs = 240_000

describe('what is wrong before anybody is asked', () => {
  it(
    'is told all at once; a kubeconfig that is none ends the run, and outputs are there all the same',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const wrong: Readonly<Record<string, string>> = {
        mode: 'look',
        suites: 'api, nodse',
        nodes: 'Calypso!',
        'expect-version': 'newest',
        'expect-gpus': 'calypso',
        'expect-flux': 'perhaps',
        'expect-gpu-proof': 'maybe',
        'expect-p95': 'fast',
        'triton-url': 'ftp://gpu',
        'triton-access': 'vpn',
        'triton-headers': 'Host: not-a-header-of-yours-5521',
        'gpu-image': 'UPPER CASE',
        namespace: 'No Namespace',
        'fail-on': 'always',
        'ignore-checks': 'Not A Check',
        retries: '99',
        timeout: 'soon',
        issue: 'open',
        'dry-run': 'ja',
        'watch-age': '3 weeks',
        'access-client-id': '',
      }
      const { press, requests, triton, github } = await counted(door, wrong)
      expect(press).toMatchObject({
        exitCode: 1,
        outputs: { result: 'failed', 'failure-code': 'inputs-invalid', verdict: 'error' },
      })
      const told = press.report?.failure?.evidence.join('\n') ?? ''
      expect(Object.keys(wrong).filter((name) => !new RegExp(`^(input )?${name}\\b`, 'm').test(told))).toEqual([])
      const shown = press.stdout.replaceAll(/^::add-mask::.*$/gm, '')
      expect(`${shown}${press.summary}${told}`).not.toContain('not-a-header-of-yours-5521')
      expect([requests, triton, github]).toEqual([[], [], []])
      expect(Object.keys(press.outputs).sort()).toEqual(outputNames)

      const nowhere = { machine: { KUBECONFIG: '' } }
      const cases = [
        [{}, nowhere, 'inputs-invalid', /kubeconfig/],
        [{ kubeconfig: 'no/such/file' }, {}, 'kubeconfig-missing', /no\/such\/file/],
        [{ kubeconfig: lay(door, 'not-a-kubeconfig', 'a: [') }, {}, 'kubeconfig-invalid', /kubeconfig/],
        [{ context: 'elsewhere' }, {}, 'kubeconfig-invalid', /elsewhere/],
      ] as const
      for (const [inputs, place, code, words] of cases) {
        const other = (await counted(door, inputs, place)).press
        expect(other).toMatchObject({ exitCode: 1, outputs: { result: 'failed', verdict: 'error' } })
        expect([inputs, other.outputs['failure-code']]).toEqual([inputs, code])
        expect(other.stdout).toMatch(words)
        expect(Object.keys(other.outputs).sort()).toEqual(outputNames)
      }
      expect(requestsOf(door)).toEqual([])
    },
    limitMs,
  )
})

describe('an API server that is gone', () => {
  it(
    'is an error and no failure of the cluster, is asked again, and Triton is asked all the same',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { press, requests, triton } = await counted(door, { retries: '1' }, apiAt(door, 'refused'))
      expect(requests).toEqual([])
      expect(press).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'checks-failed', verdict: 'error' } })
      expect(idsWith(press, 'fail')).toEqual([])
      expect(checksOf(press).get('api.reachable')).toMatchObject({ verdict: 'error' })
      // One trouble is told once.
      expect(list(press, 'failed-checks')).toEqual(['api.reachable'])
      expect(checksOf(press).get('nodes.ready')).toMatchObject({
        verdict: 'skip',
        found: expect.stringMatching(/blocked by api\.reachable/),
      })
      expect(triton).toContain('GET /v2/health/live 200')
      expect(checksOf(press).get(`triton.infer.${model}`)?.verdict).toBe('pass')
      expect(press.outputs['gpu-verdict']).toBe('gpu-proved')
    },
    limitMs,
  )
})

describe('an API server that goes while it is asked', () => {
  it(
    'leaves what it answered, and errors for the rest; nothing of it is a failure of the cluster',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      // A proxy before it, from the third suite on.
      cluster.answerWith(
        /^GET \/(api|apis)\/.*(pods|deployments|daemonsets|statefulsets|jobs|kustomizations)\b/,
        503,
        '<html>upstream</html>',
      )
      const { press } = await counted(door, { suites: 'api, nodes, workloads, flux', retries: '0' })
      expect(press).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'checks-failed', verdict: 'error' } })
      expect(idsWith(press, 'fail')).toEqual([])
      expect(checksOf(press).get('nodes.ready')?.verdict).toBe('pass')
      expect(checksOf(press).get('workloads.controllers')).toMatchObject({
        verdict: 'error',
        found: expect.stringMatching(/could not be asked/),
      })
      expect(list(press, 'failed-checks')).toEqual(idsWith(press, 'error'))
      expect(press.outputs.failed).toBe(String(idsWith(press, 'error').length))
    },
    limitMs,
  )
})

describe('an API server that is not believed', () => {
  it(
    'is sent nothing, but its certificates are looked at: they may be why',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const stranger = await createAuthority('somebody else')
      const impostor = await startFront(await stranger.issue(['157.173.210.123']), () => ({ status: 200, body: '{}' }))
      try {
        const { press } = await counted(
          door,
          { suites: 'api, certificates, network', retries: '0' },
          apiAt(door, impostor.port),
        )
        expect(impostor.met).toEqual([])
        expect(list(press, 'failed-checks')).toEqual(['api.reachable'])
        const checks = checksOf(press)
        expect(checks.get('certificates.server')).toMatchObject({
          verdict: 'pass',
          found: expect.stringMatching(/^valid until 20/),
        })
        for (const id of ['certificates.cert-manager', 'certificates.nodes', 'network.dns'])
          expect(checks.get(id)).toMatchObject({ verdict: 'skip', found: 'blocked by api.reachable' })
      } finally {
        await impostor.close()
      }
    },
    limitMs,
  )
})

describe('a place for reports that is none', () => {
  it(
    'fails the run with what to do, and the outputs are there all the same',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const file = lay(door, 'a-file', '')
      const { press } = await counted(door, { suites: 'nodes', 'report-directory': file })
      expect(press.exitCode).toBe(1)
      expect(press.stdout).toMatch(/report-directory/)
      expect(press.stdout).not.toMatch(/probably a bug/)
      expect(press.outputs).toMatchObject({ result: 'failed', 'failed-checks': '[]' })
      expect(Object.keys(press.outputs).sort()).toEqual(outputNames)
    },
    limitMs,
  )
})
