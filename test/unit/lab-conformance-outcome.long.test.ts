import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { compare } from '../../lab/conformance/normalise.ts'
import { mutationsOf, type Outcome, type OutcomeParts, outcome, wantedOf } from '../../lab/conformance/outcome.ts'
import { outcomeOf } from '../../lab/conformance/pressed-world.ts'
import type { Press } from '../../rehearsal/press.ts'
import { scenarios } from '../../rehearsal/scenarios/index.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'

const press: Press = { exitCode: 0, stdout: '', stderr: '', outputs: {}, state: {}, summary: '', report: undefined }
const parts: OutcomeParts = {
  scenario: 'join-calypso',
  press,
  secrets: [],
  connections: 1,
  requests: [],
  tokens: [],
  objectsBefore: {},
  objectsAfter: {},
  treesBefore: {},
  treesAfter: {},
}

describe('objects of the cluster', () => {
  const calypso = {
    metadata: { name: 'calypso', uid: '1', resourceVersion: '7', labels: { a: 'b' } },
    status: { at: 1 },
  }

  it('differ by what somebody wanted of them, not by what is reported of them', () => {
    const reported = { ...calypso, metadata: { ...calypso.metadata, resourceVersion: '8' }, status: { at: 2 } }
    expect(wantedOf(reported)).toBe(wantedOf(calypso))
    const given = { ...calypso, spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] } }
    expect(wantedOf(given)).toBe(wantedOf(calypso))
    const changes = [
      { ...calypso, metadata: { ...calypso.metadata, uid: '2' } },
      { ...calypso, metadata: { ...calypso.metadata, labels: { a: 'c' } } },
      { ...calypso, metadata: { ...calypso.metadata, annotations: { a: 'b' } } },
      { ...calypso, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } },
      { ...calypso, spec: { unschedulable: true } },
      { ...calypso, data: { hash: 'x' } },
    ]
    for (const changed of changes) expect(wantedOf(changed)).not.toBe(wantedOf(calypso))
  })

  it('are told by their names, with what became of them', () => {
    const { objectsChanged } = outcome({
      ...parts,
      objectsBefore: { 'nodes/a': '1', 'nodes/b': '1', 'nodes/c': '1' },
      objectsAfter: { 'nodes/b': '1', 'nodes/c': '2', 'nodes/d': '1' },
    })
    expect(objectsChanged).toEqual(['- nodes/a', '~ nodes/c', '+ nodes/d'])
  })
})

describe('what the runner changed in the cluster', () => {
  it('is told in order, without the random names of tokens', () => {
    const requests = [
      'POST /api/v1/namespaces/kube-system/secrets 201',
      'DELETE /api/v1/namespaces/kube-system/secrets/bootstrap-token-abc123 200',
      'PATCH /api/v1/nodes/calypso 409',
      'DELETE /api/v1/nodes/calypso 200',
    ]
    expect(mutationsOf(requests)).toEqual([
      requests[0],
      'DELETE /api/v1/namespaces/kube-system/secrets/bootstrap-token-TOKENID 200',
      ...requests.slice(2),
    ])
  })

  it('leaves out questions, and what a kubelet does by itself', () => {
    expect(
      mutationsOf([
        'GET /api/v1/nodes/calypso 200',
        'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews 201',
        'POST /apis/authentication.k8s.io/v1/tokenreviews?timeout=5s 201',
        'POST /api/v1/nodes 201',
        'PATCH /api/v1/nodes/calypso/status?timeout=10s 200',
        'PUT /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/calypso?timeout=10s 200',
        'POST /apis/storage.k8s.io/v1/csinodes 201',
        'POST /api/v1/namespaces/default/events 201',
        'PATCH /api/v1/namespaces/default/pods/hello/status 200',
        'POST /api/v1/namespaces/default/serviceaccounts/default/token 201',
        'POST /standin/v1/nodes/calypso 200',
      ]),
    ).toEqual([])
  })
})

describe('an outcome', () => {
  it('holds the log as GitHub shows it: commands carried out, secrets masked', () => {
    const stdout = '::add-mask::minted\nwith minted and given\n::error title=calypso did not join::because of minted\n'
    const { log, annotations, complaints } = outcome({
      ...parts,
      press: { ...press, stdout, stderr: 'given here\n' },
      secrets: ['given'],
    })
    expect(log).toEqual(['with *** and ***', 'Error: because of ***'])
    expect(annotations).toEqual([{ level: 'error', title: 'calypso did not join', message: 'because of ***' }])
    expect(complaints).toEqual(['*** here'])
  })

  it('tells what was added, removed and changed on the host', () => {
    const { treesChanged } = outcome({
      ...parts,
      treesBefore: { 'etc/a': '644 0:0 1', 'etc/b': '644 0:0 1', 'etc/c': '644 0:0 1' },
      treesAfter: { 'etc/a': '644 0:0 1', 'etc/c': '600 0:0 1', 'etc/d': '644 0:0 1' },
    })
    expect(treesChanged).toEqual(['- etc/b', '~ etc/c', '+ etc/d'])
  })

  it('holds the plan as data, and knows a run that wrote neither plan nor report', () => {
    const outputs = { result: 'planned', plan: '[{"id":"start"}]' }
    expect(outcome({ ...parts, press: { ...press, outputs } })).toMatchObject({
      outputs: { result: 'planned' },
      plan: [{ id: 'start' }],
    })
    expect(outcome(parts)).toMatchObject({ plan: null, report: null })
  })

  it('is that of the last press: what the press before did is not counted', async () => {
    const requests: string[] = []
    const pressed: unknown[] = []
    let connections = 0
    const again = scenarios.find((one) => one.name === 'again')
    const adopt = scenarios.find((one) => one.name === 'adopt-apply')
    if (again === undefined || adopt === undefined) throw new Error('the rehearsal has other scenarios')
    const world = {
      press: async (inputs: Readonly<Record<string, string>>) => {
        pressed.push(inputs)
        if (pressed.length === 1) {
          connections += 1
          requests.push('POST /api/v1/namespaces/kube-system/secrets 201')
        }
        return press
      },
      connections: () => connections,
      requests: () => requests,
      tokens: () => ['bootstrap-token-abc123'],
      objects: () => [{ metadata: { name: 'calypso', labels: { pressed: String(pressed.length > 0) } } }],
      trees: () => ({ 'etc/a': String(pressed.length > 0) }),
      secrets: () => [],
    }
    expect(await outcomeOf(world, again)).toMatchObject({
      connections: 0,
      mutations: [],
      tokensLeft: ['bootstrap-token-abc123'],
      objectsChanged: [],
      treesChanged: [],
    })
    await outcomeOf(world, adopt, 'no-sudo')
    expect(pressed).toEqual([{}, {}, { adopt: 'apply', 'allow-gpu-disruption': 'true' }])
  })
})

describe('embedded.ts', () => {
  const run = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    const program = join(repositoryRoot, 'lab', 'conformance', 'embedded.ts')
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args])
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    const [code] = (await once(child, 'close')) as [number]
    return { code, stdout, stderr }
  }

  it.each([[['joyn']], [['dry-run', 'wrong-token']], [['join-calypso', 'wrong']], [[]]])(
    'starts nothing for %j and says what there is',
    async (args) => {
      const { code, stdout, stderr } = await run(...args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('scenarios: join-calypso, again')
    },
  )

  it('tells the same outcome every time', async () => {
    const [one, other] = await Promise.all([run('dry-run'), run('dry-run')])
    const outcomes = [one, other].map(({ stdout }) => JSON.parse(stdout) as Outcome)
    expect(outcomes[0]).toMatchObject({ scenario: 'dry-run', exitCode: 0, outputs: { result: 'planned' } })
    expect(outcomes[0]).toMatchObject({
      connections: 1,
      mutations: [],
      tokensLeft: [],
      treesChanged: [],
      complaints: [],
    })
    expect(compare(outcomes[0] as Outcome, outcomes[1] as Outcome)).toEqual([])
  })
})
