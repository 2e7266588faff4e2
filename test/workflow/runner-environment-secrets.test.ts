/** Secrets of an environment in a called workflow: GitHub gives them to names that the caller passes, and to no other. */
import { describe, expect, it } from '@jest/globals'
import { run } from './runner-fixture.ts'

const called = `
on:
  workflow_call:
    secrets:
      DEPLOY_KEY: { required: false }
      TUNNEL_KEY: { required: false }
jobs:
  guarded:
    runs-on: x
    environment: { name: oceanid, deployment: false }
    steps:
      - env: { KEY: '\${{ secrets.DEPLOY_KEY }}', TUNNEL: '\${{ secrets.tunnel_key }}' }
        run: echo "guarded \${#KEY} \${#TUNNEL} \${{ vars.PLACE }}"
  open:
    runs-on: x
    steps:
      - env: { KEY: '\${{ secrets.DEPLOY_KEY }}' }
        run: echo "open \${#KEY}"
`
const caller = (secrets: string): string => `
on: workflow_dispatch
jobs:
  call:
    uses: ./.github/workflows/called.yml
${secrets}
`
const passed = '    secrets: { DEPLOY_KEY: "${{ secrets.DEPLOY_KEY }}" }'
const environments = {
  oceanid: { secrets: { DEPLOY_KEY: 'of-the-environment', TUNNEL_KEY: 'tunnel' }, vars: { PLACE: 'here' } },
}
const logOf = async (secrets: string, repository: Record<string, string> = {}): Promise<string> =>
  (await run(caller(secrets), { files: { 'called.yml': called }, environments, secrets: repository })).log

describe('secrets of an environment in a called workflow', () => {
  it('are empty, without an error, where the caller passes none; its variables are there', async () => {
    const log = await logOf('')
    expect(log).toContain('\nguarded 0 0 here\n')
    expect(log).toContain('\nopen 0\n')
  })

  it('reach the job of that environment under names that the caller passes, though only the environment has them', async () => {
    const log = await logOf(passed)
    expect(log).toContain('\nguarded 18 0 here\n')
    expect(log).toContain('\nopen 0\n')
  })

  it('win over a secret of the repository of the same name', async () => {
    const log = await logOf(passed, { DEPLOY_KEY: 'of-repo' })
    expect(log).toContain('\nguarded 18 0 here\n')
    expect(log).toContain('\nopen 7\n')
  })

  it('all reach it where the caller says inherit', async () => {
    expect(await logOf('    secrets: inherit')).toContain('\nguarded 18 6 here\n')
  })

  it('reach a workflow called by a called one only when each passes them on', async () => {
    const between = (secrets: string): string => `
on:
  workflow_call:
    secrets: { DEPLOY_KEY: { required: false } }
jobs:
  call:
    uses: ./.github/workflows/inner.yml
${secrets}
`
    const through = async (secrets: string): Promise<string> =>
      (await run(caller(passed), { files: { 'called.yml': between(secrets), 'inner.yml': called }, environments })).log
    expect(await through(passed)).toContain('\nguarded 18 0 here\n')
    expect(await through('    secrets: inherit')).toContain('\nguarded 18 0 here\n')
    expect(await through('')).toContain('\nguarded 0 0 here\n')
  })
})
