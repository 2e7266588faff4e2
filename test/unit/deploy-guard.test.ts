import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createAuthority, kubeconfigText } from '../../rehearsal/cluster/index.ts'
import {
  assertClusterDeployAllowed,
  type DeployTarget,
  type Environment,
  refusals,
} from '../../snippets/cluster-deploy-guard.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'deploy-guard-'))
afterAll(() => rmSync(folder, { recursive: true }))

const stack = 'ryan-taylor/oceanid-cluster/prod'
const uid = '3f0f3b6e-6f3c-4a57-9f53-0a6d3c2f5b11'
let caSha256 = ''

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

beforeAll(async () => {
  const [ours, other] = [await createAuthority('ours'), await createAuthority('other')]
  caSha256 = createHash('sha256').update(new X509Certificate(ours.certPem).raw).digest('hex')
  const text = (caPem: string) =>
    kubeconfigText('oceanid', 'https://127.0.0.1:6443', caPem, { name: 'u', token: 'sesame' })
  written('ours.pem', ours.certPem)
  written('other.pem', other.certPem)
  written('ours', text(ours.certPem))
  written('other', text(other.certPem))
  const base64 = Buffer.from(ours.certPem).toString('base64')
  written(
    'json',
    JSON.stringify({ clusters: [{ cluster: { server: 'https://a:6443', 'certificate-authority-data': base64 } }] }),
  )
  written('both', `${text(ours.certPem)}\n---\n${text(other.certPem)}`)
  written(
    'commented',
    `# certificate-authority-data: ${Buffer.from(other.certPem).toString('base64')}\n${text(ours.certPem)}`,
  )
  written('file-reference', 'clusters:\n- cluster:\n    certificate-authority: /etc/ca.crt\n')
  written('no-certificate', 'clusters:\n- cluster:\n    certificate-authority-data: bm90aGluZw==\n')
  written('two-authorities', text(`${ours.certPem}${other.certPem}`))
  written('empty', '')
})

const target = (changes: Partial<DeployTarget> = {}): DeployTarget => ({ stack, caSha256, clusterUid: uid, ...changes })
const job = (changes: Environment = {}): Environment => ({
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_RUN_ID: '41',
  RUNNER_ENVIRONMENT: 'self-hosted',
  DEPLOY_TARGET: stack,
  KUBECONFIG: join(folder, 'ours'),
  CLUSTER_UID: uid,
  ...changes,
})

/** One column of the truth table: what the environment says → whether that alone is as it must be. */
const columns: Readonly<Record<string, ReadonlyMap<string | undefined, boolean>>> = {
  RUNNER_ENVIRONMENT: new Map([
    ['self-hosted', true],
    ['github-hosted', false],
    ['Self-Hosted', false],
    ['', false],
    [undefined, false],
  ]),
  DEPLOY_TARGET: new Map([
    [stack, true],
    ['ryan-taylor/oceanid-cloud/prod', false],
    ['prod', false],
    ['', false],
    [undefined, false],
  ]),
  KUBECONFIG: new Map<string | undefined, boolean>([
    ['ours', true],
    ['json', true],
    ['commented', true],
    ['other', false],
    ['both', false],
    ['file-reference', false],
    ['no-certificate', false],
    ['two-authorities', false],
    ['empty', false],
    ['missing', false],
    ['.', false],
    [`ours${delimiter}other`, false],
    ['', false],
    [undefined, false],
  ]),
  CLUSTER_UID: new Map([
    [uid, true],
    [uid.toUpperCase(), true],
    ['00000000-0000-4000-8000-000000000000', false],
    ['', false],
    [undefined, false],
  ]),
}

const pathOf = (name: string | undefined): string | undefined =>
  name === undefined || name === ''
    ? name
    : name
        .split(delimiter)
        .map((part) => join(folder, part))
        .join(delimiter)

/** Every row of the table. */
function* rows(): Generator<{ readonly environment: Environment; readonly isAllowed: boolean }> {
  for (const [runner, isRunner] of columns.RUNNER_ENVIRONMENT!)
    for (const [deploy, isDeploy] of columns.DEPLOY_TARGET!)
      for (const [kubeconfig, isKubeconfig] of columns.KUBECONFIG!)
        for (const [cluster, isCluster] of columns.CLUSTER_UID!) {
          const names = { RUNNER_ENVIRONMENT: runner, DEPLOY_TARGET: deploy, CLUSTER_UID: cluster }
          yield {
            environment: job({ ...names, KUBECONFIG: pathOf(kubeconfig) }),
            isAllowed: isRunner && isDeploy && isKubeconfig && isCluster,
          }
        }
}

describe('the deploy guard', () => {
  it('allows a job exactly where runner, stack, kubeconfig and identity are right, in every combination', () => {
    let [allowed, refused] = [0, 0]
    for (const { environment, isAllowed } of rows()) {
      const reasons = refusals(target(), environment)
      if ((reasons.length === 0) !== isAllowed) expect({ environment, reasons }).toEqual({ environment, isAllowed })
      if (isAllowed) allowed++
      else refused++
    }
    expect([allowed, refused]).toEqual([6, 5 * 5 * 14 * 5 - 6])
  })

  it('lets a preview run on a machine of GitHub’s, too, and asks all else of it', () => {
    let [allowed, refused] = [0, 0]
    for (const { environment } of rows()) {
      const { RUNNER_ENVIRONMENT } = environment
      const isKnown = RUNNER_ENVIRONMENT === 'self-hosted' || RUNNER_ENVIRONMENT === 'github-hosted'
      const others = refusals(target(), { ...environment, RUNNER_ENVIRONMENT: 'self-hosted' })
      const reasons = refusals(target({ isPreview: true }), environment)
      expect(reasons.length === 0).toBe(isKnown && others.length === 0)
      if (reasons.length === 0) allowed++
      else refused++
    }
    expect([allowed, refused]).toEqual([12, 5 * 5 * 14 * 5 - 12])
    const hosted = job({ RUNNER_ENVIRONMENT: 'github-hosted' })
    expect(refusals(target({ isPreview: false }), hosted)).toHaveLength(1)
  })

  it('allows the documented deploy on the self-hosted runner, which the guard before it never did', () => {
    const environment = job()
    const isRefusedByTheOldGuard = environment.CI === 'true' && environment.GITHUB_ACTIONS === 'true'
    expect(isRefusedByTheOldGuard).toBe(true)
    expect(() => assertClusterDeployAllowed(target(), environment)).not.toThrow()
  })

  it('allows a person at a terminal, whatever kubeconfig that is', () => {
    for (const environment of [{}, { CI: 'true' }, { KUBECONFIG: join(folder, 'missing') }, { GITHUB_ACTIONS: '' }])
      expect(refusals(target(), environment)).toEqual([])
  })

  it('is not fooled by variables that were taken away', () => {
    const hosted = job({ RUNNER_ENVIRONMENT: 'github-hosted', CI: undefined, GITHUB_ACTIONS: undefined })
    expect(refusals(target(), hosted)).toHaveLength(1)
    expect(refusals(target(), { GITHUB_RUN_ID: '41' }).length).toBeGreaterThan(1)
    expect(refusals(target(), { RUNNER_ENVIRONMENT: 'self-hosted' }).length).toBeGreaterThan(1)
  })

  it('refuses an expectation that is none', () => {
    for (const changes of [{ caSha256: '' }, { caSha256: 'abc' }, { stack: '' }, { clusterUid: '' }])
      expect(refusals(target(changes), job({ DEPLOY_TARGET: changes.stack ?? stack, CLUSTER_UID: '' }))).not.toEqual([])
    expect(refusals(target({ clusterUid: undefined }), job({ CLUSTER_UID: undefined }))).toEqual([])
  })

  it('takes the hash as openssl prints it, and the path that the program uses', () => {
    const printed = caSha256.toUpperCase().replace(/(..)(?=.)/g, '$1:')
    expect(refusals(target({ caSha256: printed }), job())).toEqual([])
    const kubeconfigPath = join(folder, 'other')
    expect(refusals(target({ kubeconfigPath }), job())).toEqual([expect.stringContaining('another cluster')])
  })

  it('names every reason at once, and what to do', () => {
    const environment = job({ RUNNER_ENVIRONMENT: 'github-hosted', DEPLOY_TARGET: '', KUBECONFIG: '', CLUSTER_UID: '' })
    expect(() => assertClusterDeployAllowed(target(), environment)).toThrow(
      /is not deployed from here:\n- the runner is github-hosted.*runs-on.*\n- DEPLOY_TARGET is not set.*\n- KUBECONFIG is not set: run kubeconfig-esc.*\n- CLUSTER_UID is not set/,
    )
  })

  it('says nothing of the kubeconfig but its path and hash', () => {
    const reasons = ['other', 'both', 'no-certificate'].flatMap((name) =>
      refusals(target(), job({ KUBECONFIG: join(folder, name) })),
    )
    expect(reasons).toHaveLength(3)
    expect(reasons.join()).not.toMatch(/sesame|BEGIN|[A-Za-z0-9+/]{65}/)
  })
})

describe('a kubeconfig that clients read otherwise than it looks', () => {
  const base64 = (pem: string) => Buffer.from(pem).toString('base64')
  let [ours, other] = ['', '']
  beforeAll(async () => {
    ours = base64(readFileSync(join(folder, 'ours.pem'), 'utf8'))
    other = base64(readFileSync(join(folder, 'other.pem'), 'utf8'))
  })
  const good = () =>
    `- name: good\n  cluster:\n    certificate-authority-data: ${ours}\n    server: https://good:6443\n`
  const clusters = (text: string) => `apiVersion: v1\ncurrent-context: used\nclusters:\n${text}`

  it.each<readonly [string, () => string]>([
    [
      'a second cluster that verifies nothing',
      () =>
        clusters(
          `${good()}- name: used\n  cluster:\n    insecure-skip-tls-verify: true\n    server: https://evil:6443\n`,
        ),
    ],
    [
      'a second cluster that trusts every public authority',
      () => clusters(`${good()}- name: used\n  cluster:\n    server: https://evil:6443\n`),
    ],
    [
      'the authority in one cluster and the address in another',
      () =>
        clusters(
          `- name: good\n  cluster:\n    certificate-authority-data: ${ours}\n- name: used\n  cluster:\n    server: https://evil:6443\n`,
        ),
    ],
    [
      'the authority outside of any cluster',
      () =>
        `x-certificate-authority-data: ${ours}\n${clusters('- name: used\n  cluster:\n    server: https://evil:6443\n')}`,
    ],
    [
      'an authority outside of any cluster, as JSON',
      () =>
        JSON.stringify({
          x: { 'certificate-authority-data': ours, y: '{[' },
          clusters: [{ cluster: { z: ']}', server: 'https://evil:6443' } }],
        }),
    ],
    [
      'a second authority behind an escaped line break',
      () =>
        clusters(
          `- name: used\n  cluster:\n    certificate-authority-data: "${ours.replace(/=+$/, '')}\\n${other}"\n    server: https://evil:6443\n`,
        ),
    ],
    [
      'a second authority under an escaped key',
      () =>
        clusters(
          `${good()}- name: used\n  cluster:\n    "certificate-\\x61uthority-data": ${other}\n    "\\x73erver": https://evil:6443\n`,
        ),
    ],
    [
      'an address under a key that is an alias',
      () => clusters(`${good()}- name: used\n  k: &k server\n  cluster:\n    *k : https://evil:6443\n`),
    ],
    [
      'an address under an explicit key',
      () => clusters(`${good()}- name: used\n  cluster:\n    ? server # so\n    : https://evil:6443\n`),
    ],
    [
      'what a line break of YAML’s own takes out of a comment',
      () => clusters(`${good()}# x\u0085- name: used\u0085  cluster:\u0085    server: https://evil:6443\n`),
    ],
    [
      'verification that is switched off',
      () => clusters(good().replace('    server', '    insecure-skip-tls-verify: true\n    server')),
    ],
  ])('is refused: %s', (_, text) => {
    const reasons = refusals(target(), job({ KUBECONFIG: written('hostile', text()) }))
    expect(reasons).toEqual([expect.stringMatching(/^the kubeconfig .*: /)])
  })

  it.each<readonly [string, () => string]>([
    ['as k3s writes it', () => clusters(good())],
    [
      'with the address first, and extensions between',
      () =>
        clusters(
          `- cluster:\n    server: https://good:6443\n    extensions:\n    - extension:\n        provider: x\n      name: cluster_info\n    certificate-authority-data: ${ours}\n  name: good\n`,
        ),
    ],
    [
      'with the address first',
      () =>
        clusters(
          `- cluster:\n    server: https://good:6443\n    tls-server-name: kubernetes\n    certificate-authority-data: "${ours}"\n    insecure-skip-tls-verify: false\n  name: good\n`,
        ),
    ],
    [
      'as JSON in lines',
      () =>
        JSON.stringify(
          {
            clusters: [{ cluster: { 'certificate-authority-data': ours, server: 'https://good' }, name: 'a' }],
            contexts: [{ name: 'x', context: { cluster: 'a', user: 'b' } }],
          },
          null,
          2,
        ),
    ],
  ])('is allowed: %s', (_, text) => {
    expect(refusals(target(), job({ KUBECONFIG: written('plain', text()) }))).toEqual([])
  })
})

describe('docs/deploy-guard.md', () => {
  const page = readFileSync(join(root, 'docs/deploy-guard.md'), 'utf8')

  it('quotes the guard as it is', () => {
    const snippet = readFileSync(join(root, 'snippets/cluster-deploy-guard.ts'), 'utf8')
    expect(page).toContain(`\`\`\`ts\n${snippet}\`\`\`\n`)
  })

  it('pins no action by anything but a full commit', () => {
    for (const [, reference] of page.matchAll(/uses: \S+@(.*)$/gm))
      expect(reference).toMatch(/^(<full commit SHA>|[0-9a-f]{40})/)
  })
})
