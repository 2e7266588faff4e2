/** Hostile text of every origin that verify-cluster reads, through its bundle: no command runs, no verdict is forged, no file of it breaks. */
import { readFileSync, statSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { Place, Press } from '../../rehearsal/press.ts'
import type { Report } from '../../src/report/index.ts'
import { type Door, doors } from './door.ts'
import { expectHarmless, hostileLine, hostileText, marker, summaryProblems } from './hostile.ts'
import {
  checksOf,
  counted,
  filesOf,
  idsWith,
  job,
  jobToken,
  keeping,
  lay,
  list,
  model,
  namespace,
  verificationOf,
  withEndpoint,
} from './verify-cluster-door.ts'
import { readJunit, readMetrics } from './verify-cluster-formats.ts'
import { type Front, type Met, type Reply, startFront } from './verify-cluster-front.ts'

const opened = doors()
const limitMs = 300_000
const gpu = 'gpu.boathou.se'
/** What ends a section, an attribute, a label or a cell. */
const brackets = `]]> --> "' {${marker}="x"} \\" \\n \\ ${'`'.repeat(4)} <failure message="${marker}"/> # TYPE ${marker} gauge`
const line = `${hostileLine} ${brackets}`
const text = `${hostileText}\n${brackets}\n# HELP ${marker} x\n${marker} 1\n</testcase></testsuite>\n<!-- state {"alarms":[]} -->`

const fronts: Front[] = []
afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.close()))
})

/** Triton behind a front that changes what it says. */
async function speak(
  door: Door,
  answer: (met: Met, passed: Required<Reply>) => Reply | undefined,
): Promise<Partial<Place>> {
  const { cluster, triton } = door.world
  const front = await startFront(
    await cluster.issue([gpu]),
    (met, passed) => (passed ? answer(met, passed) : undefined),
    triton.port,
  )
  fronts.push(front)
  return { ...withEndpoint(door, { host: gpu, port: 443, to: front.port }), machine: job }
}

/** Every string below keys like these, whatever it was. */
function speakIn(value: unknown, keys: RegExp, said: string): unknown {
  if (Array.isArray(value)) return value.map((one) => speakIn(one, keys, said))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      typeof one === 'string' && keys.test(key) ? said : speakIn(one, keys, said),
    ]),
  )
}

/** Nothing in Mermaid that could leave its label. */
function mermaidProblems(summary: string): readonly string[] {
  const blocks = [...summary.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map(([, block = '']) => block)
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter(
      (row) =>
        /^\s*(click|style|linkStyle|%%|subgraph)\b|javascript:|%%\{|[`#;](?!.*classDef)/.test(row) &&
        !/classDef/.test(row),
    )
}

/** It ended as it would have with kind words, and everything it wrote can be read by those who read it. */
function expectSound(door: Door, press: Press, outcome: Parameters<typeof expectHarmless>[2]): void {
  expectHarmless(door, press, outcome)
  const files = filesOf(press)
  const cases = readJunit(files.junit)
  expect([...cases.values()].length).toBe(press.report?.checks.length)
  const known = new Set(readMetrics(files.metrics).map(({ name }) => name.replace(/_measured_.*/, '_measured')))
  expect([...known].filter((name) => !name.startsWith('k3s_gpu_actions_'))).toEqual([])
  expect(mermaidProblems(press.summary)).toEqual([])
  expect(statSync(press.outputs.report ?? '').size).toBeLessThan(2_000_000)
  for (const issue of door.world.github.issues.all
    .filter(({ body }) => body.startsWith('<!-- k3s-gpu-actions/verify-cluster cluster=oceanid'))
    // Of strangers is what strangers write.
    .filter(({ login, isPullRequest }) => login !== 'stranger' && !isPullRequest)) {
    // The first two lines are comments that nobody sees.
    const [first = '', second = '', ...body] = issue.body.split('\n')
    expect([first, second]).toEqual([
      expect.stringMatching(/^<!-- [^<>]* -->$/),
      expect.stringMatching(/^<!-- state [^<>]* -->$/),
    ])
    expect(summaryProblems(body.join('\n').replaceAll(/^- /gm, ''))).toEqual([])
    expect(issue.title).not.toMatch(/[\n\r\u001B]/)
    for (const comment of issue.comments)
      expect(
        summaryProblems(
          comment.body
            .replace(/^<!-- [^<>]* -->\n/, '')
            .replaceAll(/^- /gm, '')
            .replaceAll(/https:\/\/github\.com\/\S+/g, ''),
        ),
      ).toEqual([])
  }
}

describe('a cluster', () => {
  it(
    'whose pods, nodes, claims, releases and programs say what they like',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      const { objects } = cluster
      await cluster.comeOver(
        new Set([
          'verify-pod-crash-loop',
          'verify-pod-pending',
          'verify-pod-evicted',
          'verify-job-failed',
          'verify-flux-not-ready',
          'verify-flux-stale',
          'verify-volume-degraded',
          'verify-claim-pending',
          'verify-certificate-soon',
          'verify-node-not-ready',
          'verify-gpu-image-missing',
        ]),
      )
      for (const object of objects.list('')) {
        if (object.kind === 'Secret' || object.status === undefined) continue
        const key = keyOf(object)
        if (objects.get(key) === undefined) continue
        const said = speakIn(
          object.status,
          /^(message|lastMessage|lastAppliedRevision|lastAttemptedRevision|osImage|kernelVersion|containerRuntimeVersion|revision|state|robustness)$/,
          text,
        )
        objects.put(key, { ...object, status: said } as KubernetesObject)
      }
      const place = { machine: job }
      const inputs = { mode: 'probe', retries: '0', timeout: '10s' }
      const { press } = await counted(door, { ...inputs, ...keeping(door) }, place)
      expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(list(press, 'failed-checks')).toEqual(
        expect.arrayContaining(['workloads.apps', 'nodes.ready', 'flux.ready', 'storage.claims']),
      )
      expect(JSON.stringify(press.report)).toContain(marker)
      expect(checksOf(press).get('api.reachable')?.verdict).toBe('pass')

      // The next night knows the report of this one.
      const next = (
        await counted(door, { ...inputs, ...keeping(door), 'previous-report': press.outputs.report ?? '' }, place)
      ).press
      expectSound(door, next, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(list(next, 'new-failures')).toEqual([])
      // And a job that reaches no cluster publishes it.
      const published = (
        await counted(
          door,
          {
            'from-report': next.outputs.report ?? '',
            'cluster-file': '',
            'access-client-id': '',
            'access-client-secret': '',
            ...keeping(door),
          },
          place,
        )
      ).press
      expectHarmless(door, published, { exitCode: 0, result: 'published' })
    },
    limitMs,
  )

  it(
    'whose API server is somebody else’s: names, kinds, numbers and refusals that no Kubernetes would send',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      const { objects } = cluster
      const strange = (plural: string, like: KubernetesObject | undefined, name: string, where?: string): void => {
        if (like === undefined) throw new Error(`there is no ${plural}`)
        const within = where ?? like.metadata.namespace
        objects.put(`${plural}/${within === undefined ? '' : `${within}/`}${name}`, {
          ...like,
          metadata: {
            ...like.metadata,
            name,
            ...(within === undefined ? {} : { namespace: within }),
            uid: `uid-${Math.random()}`,
            labels: { ...like.metadata.labels, [line.slice(0, 300)]: line },
            annotations: { 'k3s-gpu-actions/gpu': text },
          },
        })
      }
      const [pod] = objects.list('pods/apps/')
      const crashed = speakIn(pod, /^(phase)$/, text) as KubernetesObject
      strange('pods', crashed, line, 'apps')
      strange('pods', crashed, 'constructor', '__proto__')
      strange('pods', crashed, 'x', line)
      strange('nodes', objects.get('nodes/srv712695'), line)
      strange('nodes', objects.get('nodes/calypso'), '__proto__')
      for (const plural of [
        'persistentvolumeclaims',
        'deployments',
        'jobs',
        'kustomizations',
        'helmreleases',
        'certificates',
      ]) {
        const [one] = objects.list(`${plural}/`)
        if (one) strange(plural, speakIn(one, /^(phase|status|type|reason|message)$/, text) as KubernetesObject, line)
      }
      // As if a run before had left it.
      objects.put(`jobs/${namespace}/${line}`, {
        metadata: {
          name: line,
          namespace,
          labels: { 'app.kubernetes.io/managed-by': 'k3s-gpu-actions', 'k3s-gpu-actions/pod-run': 'abcdefabcdef-1' },
          creationTimestamp: '2020-01-01T00:00:00Z',
        },
        spec: { suspend: true, template: { spec: {} } },
      })
      const refusal = (code: number): string =>
        JSON.stringify({ kind: 'Status', status: 'Failure', reason: text, message: text, code })
      cluster.answerWith(/^GET \/readyz/, 500, text)
      cluster.answerWith(/^GET \/apis\/longhorn\.io/, 500, refusal(500))
      cluster.answerWith(
        /^GET \/apis\/cert-manager\.io/,
        200,
        `{"items":[{"metadata":${JSON.stringify({ name: text })}},null,5,"x",{"spec":[]}]}`,
      )
      cluster.answerWith(/^GET \/api\/v1\/namespaces\/default\/events/, 403, refusal(403))
      cluster.answerWith(/^GET \/apis\/node\.k8s\.io/, 200, JSON.stringify({ metadata: { name: line }, handler: text }))
      const { press } = await counted(door, { mode: 'probe', retries: '0', ...keeping(door) }, { machine: job })
      expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(idsWith(press, 'warn', 'fail')).toEqual(
        expect.arrayContaining(['nodes.expected', 'workloads.proto', 'api.ready']),
      )
      expect(idsWith(press, 'pass')).toContain(`triton.infer.${model}`)
      // Ids are ours, whatever names are.
      expect(
        (press.report?.checks ?? []).map(({ id }) => id).filter((id) => !/^[a-z0-9][a-z0-9._-]*$/.test(id)),
      ).toEqual([])
    },
    limitMs,
  )

  it(
    'whose pods print a forged proof',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { cluster } = door.world
      const logs = [
        text,
        `${'x'.repeat(3_000_000)}`,
        `{"ok":true,"verdict":"pass"}\nTest PASSED\nPASS\nk3s-gpu-actions/pod-network dns ok\nk3s-gpu-actions/pod-network service ok\n`,
        '\u0000\u0001'.repeat(1000),
      ]
      for (const log of logs) {
        cluster.answerWith(/\/pods\/[^/]+\/log/, 200, log)
        const { press } = await counted(door, { mode: 'probe', suites: 'gpu, gpu-job', retries: '0' }, { machine: job })
        expect(['fail', 'error', 'warn']).toContain(checksOf(press).get('gpu-job.device.calypso')?.verdict)
        expect(checksOf(press).get('gpu-job.compute.calypso')?.verdict).not.toBe('pass')
        expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      }
    },
    limitMs,
  )
})

describe('Triton', () => {
  it(
    'that says what it likes, in every answer',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const hostile = {
        name: text,
        version: line,
        platform: text,
        backend: text,
        error: text,
        reason: text,
        state: line,
      }
      const said: Readonly<Record<string, Reply>> = {
        '/v2/health/live': { status: 400, body: text },
        '/v2/health/ready': { status: 400, body: JSON.stringify({ error: text }) },
        '/v2': { status: 200, body: JSON.stringify({ name: text, version: line, extensions: [text, line, 5, null] }) },
        '/v2/repository/index': {
          status: 200,
          body: JSON.stringify([hostile, { ...hostile, name: model }, null, 'x']),
        },
        [`/v2/models/${model}`]: {
          status: 200,
          body: JSON.stringify({
            ...hostile,
            name: model,
            versions: [text],
            inputs: [{ name: text, datatype: line, shape: [-1, text] }],
            outputs: 5,
          }),
        },
        [`/v2/models/${model}/ready`]: { status: 500, body: text, headers: { 'Content-Type': 'text/html' } },
        [`/v2/models/${model}/config`]: {
          status: 200,
          body: JSON.stringify({
            ...hostile,
            instance_group: [{ kind: text, gpus: [text], count: text }],
            max_batch_size: text,
          }),
        },
        [`/v2/models/${model}/stats`]: {
          status: 200,
          body: `{"model_stats":[{"name":${JSON.stringify(text)},"inference_count":"${'9'.repeat(400)}","inference_stats":{"success":{"count":-1,"ns":1e999}}}]}`,
        },
        [`/v2/models/${model}/infer`]: { status: 500, body: JSON.stringify({ error: text }) },
        '/metrics': { status: 200, body: text },
      }
      // One by one, because the first that fails ends a chain; then all of them at once.
      const paths = [...Object.keys(said).map((path) => [path]), Object.keys(said)]
      for (const some of paths) {
        const place = await speak(door, ({ path }) => (some.includes(path) ? said[path] : undefined))
        const { press } = await counted(
          door,
          { mode: 'probe', suites: 'triton', retries: '0', 'fail-on': 'warn' },
          place,
        )
        const failed = press.exitCode === 1
        expectSound(
          door,
          press,
          failed ? { exitCode: 1, result: 'failed', code: 'checks-failed' } : { exitCode: 0, result: 'verified' },
        )
        if (some.some((path) => /infer|config|stats|live|ready|index/.test(path)))
          expect([some, failed]).toEqual([some, true])
        if (some.some((path) => /config|stats/.test(path)))
          expect([some, press.outputs['gpu-verdict']]).not.toEqual([some, 'gpu-proved'])
      }
    },
    limitMs,
  )

  it(
    'whose answers are endless, bombs, nested without end, or headers',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const bodies: readonly Reply[] = [
        { status: 200, body: 'x'.repeat(20_000_000) },
        { status: 200, body: '['.repeat(200_000) },
        { status: 200, body: `{"outputs":[{"name":"a","datatype":"FP32","shape":[1e15,1e15],"data":[1]}]}` },
        { status: 302, headers: { Location: `https://evil.test/${encodeURIComponent(line.toWellFormed())}` } },
        { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="::error::evil"' } },
        { status: 200, headers: { 'Content-Encoding': 'gzip' }, body: Buffer.from('no gzip') },
      ]
      for (const reply of bodies) {
        const place = await speak(door, ({ path }) => (/infer|config/.test(path) ? reply : undefined))
        const { press } = await counted(door, { suites: 'triton', retries: '0' }, place)
        expectSound(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      }
    },
    limitMs,
  )
})

describe('GitHub', () => {
  it(
    'issues that strangers and other programs wrote, with our marker in them',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { issues, troubles } = door.world.github
      const labels = ['k3s-gpu-actions']
      const inputs = { suites: 'nodes', issue: 'keep', 'github-token': jobToken(door, { issues: 'write' }) }
      await door.world.cluster.comeOver(new Set(['verify-node-not-ready']))
      const marked = '<!-- k3s-gpu-actions/verify-cluster cluster=oceanid -->'
      issues.add({ title: line, labels, body: text })
      issues.add({
        title: 'somebody’s',
        labels,
        login: 'stranger',
        body: `${marked}\n<!-- state {"alarms":["nodes.ready"],"at":"2099-01-01T00:00:00Z","digest":""} -->\n`,
      })
      issues.add({ title: 'quoted', labels, body: `> ${marked}\n${text}` })
      issues.add({ title: 'of another cluster', labels, body: `${marked.replace('oceanid', 'elsewhere')}\n` })
      issues.add({ title: 'a pull request', labels, isPullRequest: true, body: `${marked}\n` })
      const others = issues.all.map((issue) => structuredClone(issue))
      const { press } = await counted(door, inputs)
      expectHarmless(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(issues.all.slice(0, others.length)).toEqual(others)
      expect(issues.all.slice(others.length).map(({ state, body }) => [state, body.startsWith(`${marked}\n`)])).toEqual(
        [['open', true]],
      )
      expect(press.outputs['issue-url']).toMatch(new RegExp(`/issues/${others.length + 1}$`))

      // Somebody spoils what ours remembers: it is put right, and still one.
      const own = issues.all.at(-1)
      if (own === undefined) throw new Error('there is no issue')
      for (const state of [
        `<!-- state {"alarms":${JSON.stringify([text])},"at":"never"} -->`,
        '<!-- state [] -->',
        text,
      ]) {
        ;(own as { body: string }).body = `${marked}\n${state}\n${text}`
        const again = (await counted(door, inputs)).press
        expectSound(door, again, { exitCode: 1, result: 'failed', code: 'checks-failed' })
        expect(own.body).not.toContain(marker)
        expect(issues.all.length).toBe(others.length + 1)
      }
      troubles.trouble(/^GET .*\/issues/, 'not-json', { times: 20 })
      const odd = (await counted(door, inputs)).press
      expectHarmless(door, odd, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(issues.all.length).toBe(others.length + 1)
    },
    limitMs,
  )

  it(
    'a report to publish whose every text is hostile',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { press } = await counted(door, { suites: 'nodes, triton' })
      const report = JSON.parse(readFileSync(press.outputs.report ?? '', 'utf8')) as Report
      const own = /^(schema|action|result|verdict|mode|at|startedAt|guard|gpuVerdict|kind|node|server|tunnel)$/
      const evil = (value: unknown, key = ''): unknown => {
        if (typeof value === 'string') return own.test(key) ? value : `${text}${value}`
        if (Array.isArray(value)) return value.map((one) => evil(one, key))
        if (typeof value !== 'object' || value === null) return value
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, evil(one, name)]))
      }
      const forged = {
        ...report,
        headline: text,
        next: text,
        cluster: line,
        checks: (evil(report.checks) as Report['checks']).map((check, index) => ({
          ...check,
          id: report.checks[index]?.id ?? '',
          verdict: 'fail' as const,
          cause: text,
          remedy: text,
          evidence: [text],
        })),
        facts: { [line]: text },
        provenance: [{ name: line, value: text, source: text }],
        stages: report.stages.map((stage) => ({ ...stage, title: text })),
        outputs: { ...report.outputs, [marker]: text },
        verification: {
          ...verificationOf(press),
          issueUrl: `https://evil.test/x> <b>${marker}</b>`,
          failing: ['nodes.ready'],
          alarms: ['nodes.ready'],
          topology: evil(verificationOf(press).topology),
        },
      }
      const file = lay(door, 'hostile-report.json', JSON.stringify(forged))
      const alone = { 'cluster-file': '', 'access-client-id': '', 'access-client-secret': '', 'from-report': file }
      const published = (await counted(door, { ...alone, ...keeping(door) })).press
      expectHarmless(door, published, { exitCode: 0, result: 'published' })
      expect(mermaidProblems(published.summary)).toEqual([])
      const [issue] = door.world.github.issues.all
      expect(summaryProblems(issue?.body.split('\n').slice(2).join('\n').replaceAll(/^- /gm, '') ?? '')).toEqual([])
      expect(issue?.title).not.toMatch(/[\n\r\u001B]/)
    },
    limitMs,
  )
})

function keyOf({ kind = '', metadata: { namespace, name } }: KubernetesObject): string {
  const plural = kind === 'RuntimeClass' ? 'runtimeclasses' : `${kind.toLowerCase()}s`
  return `${plural}/${namespace === undefined ? '' : `${namespace}/`}${name}`
}
