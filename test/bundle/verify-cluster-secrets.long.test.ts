/** Secrets of verify-cluster: the service token, headers for Triton, the tokens of GitHub and of the kubeconfig. Nobody but their own hosts sees them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { expectNoLeaks, ProcessWatch, type Secret } from '../../lab/secrets.ts'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import type { Place } from '../../rehearsal/press.ts'
import type { TritonFault } from '../../rehearsal/triton/index.ts'
import { type Door, doors } from './door.ts'
import { checksOf, counted, jobToken, layClusterFile, model, probes, withEndpoint } from './verify-cluster-door.ts'
import { type Front, type Met, type Reply, startFront } from './verify-cluster-front.ts'

const opened = doors()
const limitMs = 240_000
const gpu = 'gpu.boathou.se'
const others = ['parking.example.org', 'boathouse-rehearsal.cloudflareaccess.com', 'other.example.org']
const ofRestriction = { name: 'X-Triton-Key', value: 'triton-key-7f3a9c51e0d2b846' }
const ofBearer = { name: 'Authorization', value: 'Bearer 4c1be27d95aa0386f07e' }
const headers = [ofRestriction, ofBearer].map(({ name, value }) => `${name}: ${value}`).join('\n')

const fronts: Front[] = []
afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.close()))
})

async function front(
  { world }: Door,
  names: readonly string[],
  answer: (met: Met, passed: Required<Reply> | undefined) => Reply | undefined,
  behind?: number,
): Promise<Front> {
  const started = await startFront(await world.cluster.issue(names), answer, behind)
  fronts.push(started)
  return started
}

const kubeconfigToken = ({ folder }: Door): string =>
  /token: "?([^\s"]+)/.exec(readFileSync(join(folder, 'kubeconfig-verify'), 'utf8'))?.[1] ?? ''

/** Those of the run, besides what the door knows. */
function secretsOf(door: Door, githubToken = ''): readonly Secret[] {
  const token = kubeconfigToken(door)
  expect(token.length).toBeGreaterThan(100)
  return [
    { name: 'a header of Triton', value: ofRestriction.value },
    { name: 'a bearer of Triton', value: ofBearer.value.replace('Bearer ', '') },
    { name: 'the token of the kubeconfig', value: token },
    ...(githubToken === '' ? [] : [{ name: 'the token of GitHub', value: githubToken }]),
    ...Object.entries(door.world.secrets).map(([name, value]) => ({ name, value })),
  ]
}

const carries = ({ headers: sent }: Met, secrets: readonly Secret[]): readonly string[] =>
  secrets.filter(({ value }) => JSON.stringify(sent).includes(value)).map(({ name }) => name)

describe('whoever is asked', () => {
  it(
    'may say every secret that it was told: none is shown, kept, told to GitHub or given to another program',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster, triton, github } = door.world
      const githubToken = jobToken(door, { issues: 'write' })
      const secrets = secretsOf(door, githubToken)
      // Triton and what stands before it repeat the request, whole and in parts, in what is quoted of them.
      const echo = await front(
        door,
        [gpu],
        ({ path, headers: sent }, passed) => {
          if (passed === undefined) return undefined
          const said = Object.entries(sent)
            .map(([name, value]) => `${name}: ${value}`)
            .join(' ')
          if (/\/(config|stats)$/.test(path))
            return { status: 400, body: JSON.stringify({ error: `refused: ${said}` }) }
          if (path === '/v2')
            return { status: 200, body: JSON.stringify({ name: said, version: said, extensions: [said] }) }
          return undefined
        },
        triton.port,
      )
      const token = kubeconfigToken(door)
      const status = JSON.stringify({
        kind: 'Status',
        message: `webhook said: Authorization: Bearer ${token}`,
        code: 500,
      })
      cluster.answerWith(/^GET \/apis\/longhorn\.io\/v1beta2\/volumes/, 500, status)
      cluster.answerWith(/^GET \/api\/v1\/persistentvolumeclaims/, 422, status)
      const inputs = {
        mode: 'probe',
        retries: '0',
        issue: 'keep',
        'github-token': githubToken,
        'triton-headers': headers,
      }
      const place: Partial<Place> = withEndpoint(door, { host: gpu, port: 443, to: echo.port })
      const running = door.start(
        inputs,
        'main',
        {},
        { ...place, machine: { GITHUB_REPOSITORY: 'rehearsal/k3s-gpu-actions' } },
      )
      const watch = new ProcessWatch(running, () => undefined)
      const press = await running.ended
      const processes = watch.stop()

      expect(press.exitCode).toBe(1)
      expect(checksOf(press).get(`triton.config.${model}`)?.evidence?.join() ?? press.stdout).toMatch(/\*\*\*/)
      expect(github.issues.all.map(({ state }) => state)).toEqual(['open'])
      expect(probes(door)).toEqual([])
      const told = github.issues.all.map(({ title, body, comments }) => JSON.stringify([title, body, comments]))
      expectNoLeaks(
        [...door.left(), ...told.map((text) => ({ where: 'the issue', text }))],
        [...secrets, ...door.secrets().map((value) => ({ name: 'a secret of the world', value }))],
      )
      // Other programs of this machine may have secrets of their own.
      expectNoLeaks(processes, secrets)
      // Nor was any of it in what the cluster was given to run.
      expectNoLeaks(
        cluster.objects
          .list('')
          .filter(({ kind }) => kind !== 'Secret')
          .map((object) => ({ where: object.metadata.name, text: JSON.stringify(object) })),
        secrets,
      )
      // Strangers' questions carry nothing.
      const asked = echo.met.filter((one) => carries(one, secrets).length === 0)
      expect(asked.map(({ path }) => path.replace(/[0-9a-f]{12}/, '…'))).toEqual([
        '/v2/health/live',
        `/v2/models/${model}`,
        '/v2/repository/models/k3s-gpu-actions-no-such-model-…/load',
        '/metrics',
      ])
      const allowed = ['ACCESS_CLIENT_ID', 'ACCESS_CLIENT_SECRET', 'a bearer of Triton', 'a header of Triton']
      const given = echo.met
        .filter((one) => !asked.includes(one))
        .map((one) => [...carries(one, secrets)].sort().join())
      expect([...new Set(given)]).toEqual([allowed.join()])
    },
    limitMs,
  )

  it(
    'sends them elsewhere in vain: no redirect is followed, no login page is filled in, another host gets nothing',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { triton } = door.world
      const trap = await front(door, others, () => ({ status: 200, body: 'ok' }))
      const before = await front(door, [gpu], () => undefined, triton.port)
      const place: Partial<Place> = {
        endpoints: [
          ...door.world.endpoints,
          ...others.map((host) => ({ host, port: 443, to: trap.port })),
          { host: gpu, port: 443, to: before.port },
        ],
      }
      const inputs = { suites: 'triton, network', retries: '0', 'triton-headers': headers }
      const faults: readonly TritonFault[] = [
        'access-redirect',
        'access-login',
        'access-login-page',
        'access-refused',
        'tunnel-down',
        'origin-down',
      ]
      for (const fault of faults) {
        triton.set(new Set([fault]))
        const { press } = await counted(door, inputs, place)
        expect([fault, press.exitCode]).toEqual([fault, 1])
        expect([fault, checksOf(press).get(`triton.live.${model}`)?.verdict]).toEqual([
          fault,
          expect.stringMatching(/fail|error/),
        ])
      }
      expect(trap.met).toEqual([])
      // An address of the cluster file that is open to everybody is asked like one.
      triton.set(new Set())
      const file = layClusterFile(
        door,
        (text) => `${text}\n  endpoints:\n    - url: https://other.example.org/health?deep=1\n`,
      )
      const { press } = await counted(door, { ...inputs, 'cluster-file': file }, place)
      expect(checksOf(press).get('network.endpoint.other.example.org')?.verdict).toBe('pass')
      expect(trap.met.map(({ host, path }) => `${host}${path}`)).toEqual(['other.example.org/health?deep=1'])
      expect(trap.met.flatMap((met) => carries(met, secretsOf(door)))).toEqual([])
      // Whom the client does not believe gets nothing, whatever the runner has switched off.
      const stranger = await createAuthority('somebody else')
      const impostor = await startFront(await stranger.issue([gpu]), () => ({ status: 200, body: '{}' }))
      fronts.push(impostor)
      const careless = await counted(door, inputs, {
        ...withEndpoint(door, { host: gpu, port: 443, to: impostor.port }),
        machine: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      })
      expect(impostor.met).toEqual([])
      expect(checksOf(careless.press).get(`triton.live.${model}`)).toMatchObject({
        verdict: 'fail',
        cause: expect.stringMatching(/certificate|cannot be trusted/),
      })
    },
    limitMs,
  )
})
