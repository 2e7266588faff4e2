import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { deployCases, playDeploy } from '../../rehearsal/deploys/index.ts'
import { temporaryFolder } from './runner-fixture.ts'

/** One of each kind; `npm run rehearse -- deploy --all` plays every one. */
const played = [
  'deploy-merged',
  'deploy-pull-request',
  'deploy-locked',
  'deploy-hostile',
  'deploy-plan-exceeded',
  'deploy-wrong-cluster',
  'deploy-hangs',
  'deploy-hangs-on-cancel',
]

describe('a deployment through the committed workflows and bundles', () => {
  it.each(Object.entries(deployCases).filter(([name]) => played.includes(name)))('%s', async (_, wanted) => {
    const folder = join(temporaryFolder(), 'deploy')
    const { run, verdict } = await playDeploy(wanted, {
      folder,
      isKept: true,
      signal: AbortSignal.timeout(120_000),
      pace: 0.2,
    })
    expect(verdict.text).toMatch(/^As expected/)
    // What the program prints is no command for the runner, and no markup for the page.
    expect(run.annotations.some(({ title }) => title === 'pwned')).toBe(false)
    const outsideFences = run.summary.replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?^\1`*$/gm, '')
    expect(/<script|<img|^<\/summary>|@octocat/m.exec(outsideFences)?.[0]).toBeUndefined()
    // A token, an SSH key or the bearer of a kubeconfig is in no log, output, summary or report.
    const reports = Object.values(run.artifacts).map((path) => readFileSync(join(path, 'report.json'), 'utf8'))
    const told = [run.log, run.summary, ...reports, JSON.stringify(run.jobs)].join('\n')
    expect(/\bpul-[0-9a-f]{20,}|\bghs_\w+|\beyJ[\w-]{20,}\.|PRIVATE KEY/.exec(told)?.[0]).toBeUndefined()
  })

  it('gives install no secret, and Pulumi only what it needs', async () => {
    const folder = join(temporaryFolder(), 'deploy')
    await playDeploy(deployCases['deploy-merged'] ?? never(), {
      folder,
      isKept: true,
      signal: AbortSignal.timeout(120_000),
      pace: 0.2,
    })
    const calls = readFileSync(join(folder, 'world', 'pulumi', 'calls.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { program: string; arguments: string[]; environment: Record<string, string> })
    const installed = calls.filter(({ program }) => program !== 'pulumi')
    expect(installed.map(({ arguments: args }) => args.join(' '))).toContain(
      'install --frozen-lockfile --ignore-scripts',
    )
    for (const { environment } of installed)
      expect(
        Object.keys(environment).filter((name) => /TOKEN|PASSPHRASE|SECRET|KUBECONFIG|^ACTIONS_|^INPUT_/.test(name)),
      ).toEqual([])
    const updates = calls.filter(({ arguments: args }) => args[0] === 'up')
    expect(updates).toHaveLength(2)
    for (const { environment, arguments: args } of updates) {
      expect(environment).toMatchObject({
        DEPLOY_TARGET: 'ryan-taylor/oceanid-cluster/prod',
        RUNNER_ENVIRONMENT: 'self-hosted',
      })
      expect(environment.PULUMI_HOME).toContain('_temp')
      expect(
        Object.keys(environment).filter((name) =>
          /^ACTIONS_|^INPUT_|^GITHUB_(TOKEN|ENV|OUTPUT|STATE|PATH|STEP_SUMMARY)$/.test(name),
        ),
      ).toEqual([])
      for (const secret of [environment.PULUMI_ACCESS_TOKEN, environment.PULUMI_CONFIG_PASSPHRASE])
        expect(args.join(' ')).not.toContain(secret)
    }
  })
})

function never(): never {
  throw new Error('the case is gone')
}
