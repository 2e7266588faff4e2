/** Which jobs may ask for an ID token, and what later steps get of GITHUB_ENV and masks. */
import { describe, expect, it } from '@jest/globals'
import type { IdTokenIssuer } from '../../rehearsal/contract.ts'
import { run, stepsOf } from './runner-fixture.ts'

/** Notes whom it admits. */
function issuer(): IdTokenIssuer & { readonly admitted: Readonly<Record<string, string>>[]; readonly ended: string[] } {
  const admitted: Readonly<Record<string, string>>[] = []
  const ended: string[] = []
  return {
    admitted,
    ended,
    admit(claims) {
      admitted.push(claims)
      const requestToken = `request-token-${admitted.length}`
      return {
        requestUrl: 'https://issuer.test/?api-version=2.0',
        requestToken,
        end: () => {
          ended.push(requestToken)
        },
      }
    },
  }
}

const asks = 'run: echo "url=[$ACTIONS_ID_TOKEN_REQUEST_URL] token=[$ACTIONS_ID_TOKEN_REQUEST_TOKEN]"'

describe('the right to ask for an ID token', () => {
  it('comes with id-token: write, says which job it is, is masked, and ends with the job', async () => {
    const idTokens = issuer()
    const job = 'permissions: { contents: read, id-token: write }\nenvironment: { name: oceanid, deployment: false }'
    const { log, conclusion } = await run(stepsOf(`- ${asks}`, job), {
      idTokens,
      repositoryName: 'ryan-taylor/oceanid',
    })
    expect(conclusion).toBe('success')
    expect(log).toContain('\nurl=[https://issuer.test/?api-version=2.0] token=[***]\n')
    expect(idTokens.admitted).toEqual([
      expect.objectContaining({
        repository: 'ryan-taylor/oceanid',
        repository_owner: 'ryan-taylor',
        environment: 'oceanid',
        event_name: 'workflow_dispatch',
        ref: 'refs/heads/main',
        runner_environment: 'self-hosted',
        workflow_ref: 'ryan-taylor/oceanid/.github/workflows/test.yml@refs/heads/main',
        job_workflow_ref: 'ryan-taylor/oceanid/.github/workflows/test.yml@refs/heads/main',
      }),
    ])
    expect(idTokens.ended).toEqual(['request-token-1'])
  })

  it.each([
    ['nothing is said', ''],
    ['other permissions are named', 'permissions: { contents: write }'],
    ['everything may be read', 'permissions: read-all'],
  ])('is not there where %s', async (_, job) => {
    const idTokens = issuer()
    const { log } = await run(stepsOf(`- ${asks}`, job), { idTokens })
    expect(log).toContain('\nurl=[] token=[]\n')
    expect(idTokens.admitted).toEqual([])
  })

  it('is not there for a pull request from a fork, whatever the workflow says', async () => {
    const text = stepsOf(`- ${asks}`, 'permissions: { id-token: write }').replace('workflow_dispatch', 'pull_request')
    const idTokens = issuer()
    const forked = await run(text, { idTokens, event: { name: 'pull_request', isFromFork: true } })
    expect(forked.log).toContain('\nurl=[] token=[]\n')
    const own = await run(text, { idTokens, event: { name: 'pull_request' } })
    expect(own.log).toContain('token=[***]')
    expect(idTokens.admitted).toHaveLength(1)
  })

  it('of a called workflow needs the caller’s, and names the file that is called', async () => {
    const called = `on: workflow_call\njobs:\n  join:\n    runs-on: x\n    permissions: { id-token: write }\n    steps: [{ ${asks.replace(': echo', ": 'echo").concat("'")} }]\n`
    const caller = (permissions: string): string =>
      `on: workflow_dispatch\njobs:\n  call:\n    permissions: ${permissions}\n    uses: $/.github/workflows/called.yml\n`
    const idTokens = issuer()
    const files = { 'called.yml': called }
    const { log } = await run(caller('{ id-token: write }'), { idTokens, files })
    expect(log).toContain('token=[***]')
    expect(idTokens.admitted[0]).toMatchObject({
      workflow_ref: 'rehearsal/k3s-gpu-actions/.github/workflows/test.yml@refs/heads/main',
      job_workflow_ref: 'rehearsal/k3s-gpu-actions/.github/workflows/called.yml@refs/heads/main',
    })
    await expect(run(caller('{ contents: read }'), { idTokens, files })).rejects.toThrow(
      "requesting 'id-token: write', but is only allowed 'id-token: none' by its caller",
    )
  })
})

describe('what one step leaves for the next', () => {
  it('reaches it by GITHUB_ENV, and a job output that holds a mask is dropped with a warning', async () => {
    const text = stepsOf(
      `
- id: load
  run: |
    echo "KUBECONFIG=/private/kubeconfig" >> "$GITHUB_ENV"
    echo "::add-mask::super-secret"
    echo "path=/private/kubeconfig" >> "$GITHUB_OUTPUT"
    echo "leak=the super-secret text" >> "$GITHUB_OUTPUT"
- run: echo "reads [$KUBECONFIG]"
`,
      "outputs: { path: '${{ steps.load.outputs.path }}', leak: '${{ steps.load.outputs.leak }}' }",
    )
    const result = await run(text)
    expect(result.log).toContain('\nreads [/private/kubeconfig]\n')
    expect(result.jobs[0]?.outputs).toEqual({ path: '/private/kubeconfig' })
    expect(result.annotations.map(({ message }) => message)).toContain(
      "Skip output 'leak' since it may contain secret.",
    )
  })
})
