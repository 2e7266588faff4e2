import { describe, expect, it } from '@jest/globals'
import { hasChanges } from '../../src/pulumi/index.ts'
import { complaint, ending, groundFor, prelude, run, secret, step, summary, urnOf, wishFor } from './pulumi-ground.ts'

const deployment = ['kubernetes:apps/v1:Deployment', 'cloudflared'] as const
const namespace = ['kubernetes:core/v1:Namespace', 'flux-system'] as const
const page = 'https://app.pulumi.com/ryan-taylor/oceanid-cluster/prod'
/** toMatchObject takes any object for an empty one. */
const nothing = { asymmetricMatch: (value: object) => Object.keys(value).length === 0 }

const updated = [
  prelude,
  step('resourcePreEvent', 'update', deployment, { detailedDiff: { 'spec.replicas': { diffKind: 'update' } } }),
  step('resOutputsEvent', 'update', deployment),
  step('resourcePreEvent', 'same', namespace),
  summary({ update: 1, same: 41 }),
  ending,
]
const planned = [
  prelude,
  step('resourcePreEvent', 'update', deployment, { planning: true }),
  summary({ update: 1, same: 41 }, { isPreview: true }),
  ending,
]
const outputs = {
  call: 'stack output',
  stdout: '{"fluxNamespace":"flux-system","token":"[secret]","ports":[80,443]}\n',
}

describe('an update', () => {
  it('tells what was changed, where the update is shown, and what the stack exports, without its secrets', async () => {
    using ground = groundFor([
      {
        call: 'up',
        phases: [planned, updated],
        stdout: `Previewing update (ryan-taylor/oceanid-cluster/prod)\n\nView Live: ${page}/previews/0a1b\n\nView Live: ${page}/updates/7\nResources:\n    ~ 1 updated\n`,
      },
      outputs,
    ])
    const { outcome, failure, said } = await run(ground, wishFor())
    expect(failure).toBeUndefined()
    expect(outcome).toMatchObject({ exitCode: 0, isTimedOut: false, isCancelled: false, isKilled: false, errors: [] })
    expect(outcome.deployment).toEqual({
      command: 'up',
      stack: 'ryan-taylor/oceanid-cluster/prod',
      url: `${page}/updates/7`,
      counts: { update: 1, same: 41 },
      changes: [
        { operation: 'update', type: deployment[0], name: 'cloudflared', differs: ['spec.replicas'], isFailed: false },
      ],
      moreChanges: 0,
      diagnostics: [],
      outputs: { fluxNamespace: 'flux-system', ports: '[80,443]' },
      secretOutputs: ['token'],
      isPlanBound: false,
      isComplete: true,
    })
    expect(hasChanges(outcome.deployment)).toBe(true)
    expect(said).toContain('    ~ 1 updated')
  })

  it('calls the CLI with arguments that hold no secret, and leaves no plan and no log behind', async () => {
    using ground = groundFor([{ call: 'up', phases: [updated] }, outputs], { PULUMI_CONFIG_PASSPHRASE: secret })
    await run(ground, wishFor({ isRefreshed: true, message: 'a title\nin two lines' }))
    const [up, output] = ground.calls()
    const log = up?.args.at(-1) ?? ''
    const tail = [
      '--cwd',
      ground.place.workingDirectory,
      '--stack',
      'ryan-taylor/oceanid-cluster/prod',
      '--non-interactive',
      '--color',
      'never',
    ]
    expect(up?.args).toEqual([
      'up',
      '--yes',
      '--refresh',
      ...tail,
      '--suppress-progress',
      '--suppress-outputs',
      '--message=a title in two lines',
      '--event-log',
      log,
    ])
    expect(log.startsWith(`${ground.place.environment.PULUMI_HOME}/run-`)).toBe(true)
    expect(output?.args).toEqual(['stack', 'output', '--json', ...tail])
    expect(JSON.stringify(ground.calls().map((call) => call.args))).not.toContain(secret)
    // The whole environment, and nothing of the runner's beside it; without the switch there is no event log.
    const { PWD: _sh, SHLVL: _level, OLDPWD: _old, _: _self, ...environment } = up?.environment ?? {}
    const { STANDIN_PLAY: _own, ...given } = ground.place.environment
    expect(environment).toEqual({ ...given, PULUMI_DEBUG_COMMANDS: 'true' })
    expect(ground.leftovers()).toEqual([])
  })

  it('that ended in its own preview says that nothing was done', async () => {
    const refused = complaint('error', 'Program exited with non-zero exit code: 1')
    using ground = groundFor([
      {
        call: 'up',
        phases: [
          [
            prelude,
            step('resourcePreEvent', 'create', namespace, { planning: true }),
            refused,
            summary({ create: 1 }, { isPreview: true, result: 'failed' }),
            ending,
          ],
        ],
        exitCode: 1,
      },
      outputs,
    ])
    const { outcome, failure } = await run(ground, wishFor())
    expect(outcome.deployment).toMatchObject({
      counts: nothing,
      changes: [],
      isComplete: false,
      outputs: { fluxNamespace: 'flux-system' },
    })
    expect(failure).toMatchObject({ code: 'pulumi-program', evidence: ['Program exited with non-zero exit code: 1'] })
    expect(failure?.remedy).toMatch(/nothing was changed$/)
  })

  it('bound to a plan is previewed first, and held to what that found', async () => {
    using ground = groundFor([{ call: 'preview', phases: [planned] }, { call: 'up', phases: [updated] }, outputs])
    const { outcome } = await run(ground, wishFor({ isPlanBound: true }))
    const [preview, up] = ground.calls()
    const plan = preview?.args[2] ?? ''
    expect(preview?.args.slice(0, 2)).toEqual(['preview', '--save-plan'])
    expect(up?.args.slice(0, 5)).toEqual(['up', '--yes', '--skip-preview', '--plan', plan])
    expect(outcome.deployment).toMatchObject({ isPlanBound: true, isComplete: true, counts: { update: 1, same: 41 } })
  })

  it('bound to a plan is not begun when there is no plan', async () => {
    using ground = groundFor([
      { call: 'preview', exitCode: 1, stderr: 'error: getting stack configuration: no\n' },
      outputs,
    ])
    const { failure, outcome } = await run(ground, wishFor({ isPlanBound: true }))
    expect(ground.calls().map((call) => call.args[0])).toEqual(['preview', 'stack'])
    expect(failure?.code).toBe('pulumi-configuration')
    expect(outcome.deployment).toMatchObject({ counts: nothing, changes: [], isComplete: false })
  })

  it('of a stack that is held by another one has not begun, and says so', async () => {
    using ground = groundFor([
      {
        call: 'up',
        exitCode: 1,
        stderr:
          'error: [409] Conflict: Another update is currently in progress.\nTo learn more about possible reasons and resolution, visit https://www.pulumi.com/docs/support/troubleshooting/common-issues/update-conflicts/\n',
      },
      outputs,
    ])
    const { outcome, failure } = await run(ground, wishFor())
    expect(failure?.code).toBe('pulumi-locked')
    expect(outcome.deployment).toMatchObject({ counts: nothing, isComplete: false })
  })
})

describe('a drift run', () => {
  it('finds drift by what the preview found, and names it', async () => {
    const found = [
      prelude,
      step('resOutputsEvent', 'refresh', deployment, {
        planning: true,
        detailedDiff: { 'spec.template.spec.containers[0].image': {} },
      }),
      step('resourcePreEvent', 'update', deployment, { planning: true, diffs: ['spec'] }),
      summary({ update: 1, same: 41 }, { isPreview: true }),
      ending,
    ]
    using ground = groundFor([
      {
        call: 'preview',
        phases: [found],
        exitCode: 7,
        stderr: 'error: no changes were expected for preview but changes were proposed\n',
      },
      outputs,
    ])
    const { outcome, failure } = await run(ground, wishFor({ command: 'drift' }))
    expect(ground.calls()[0]?.args.slice(0, 4)).toEqual([
      'preview',
      '--refresh',
      '--run-program',
      '--expect-no-changes',
    ])
    expect(failure?.code).toBe('pulumi-drift')
    expect(outcome.deployment.changes).toEqual([
      {
        operation: 'update',
        type: deployment[0],
        name: deployment[1],
        differs: ['spec', 'spec.template.spec.containers[0].image'],
        isFailed: false,
      },
    ])
    expect(outcome.deployment.isComplete).toBe(true)
  })

  it('that failed is no drift, whatever changed until then', async () => {
    const lost = complaint(
      'error',
      'configured Kubernetes cluster is unreachable: connection refused',
      urnOf(...deployment),
    )
    using ground = groundFor([
      {
        call: 'preview',
        phases: [
          [
            prelude,
            step('resourcePreEvent', 'update', namespace, { planning: true }),
            lost,
            summary({ update: 1 }, { isPreview: true, result: 'failed' }),
            ending,
          ],
        ],
        exitCode: 1,
      },
    ])
    const { failure } = await run(ground, wishFor({ command: 'drift' }))
    expect(failure?.code).toBe('pulumi-unreachable')
    expect(failure?.remedy).toContain('never set PULUMI_K8S_DELETE_UNREACHABLE')
  })
})
