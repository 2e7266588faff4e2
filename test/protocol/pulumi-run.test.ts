import { describe, expect, it } from '@jest/globals'
import { failureOf, hasChanges, type PulumiWish, runPulumi } from '../../src/pulumi/index.ts'
import { execPort } from '../../src/runner/exec.ts'
import { complaint, ending, type Ground, groundFor, prelude, step, summary, urnOf, wishFor } from './pulumi-ground.ts'

const deployment = ['kubernetes:apps/v1:Deployment', 'cloudflared'] as const
const namespace = ['kubernetes:core/v1:Namespace', 'flux-system'] as const
const page = 'https://app.pulumi.com/ryan-taylor/oceanid-cluster/prod'
const secret = 'a-passphrase-that-was-masked'

/** Runs the driver with the real program runner; `onLine` sees what is said, as it is said. */
async function run(
  ground: Ground,
  wish: PulumiWish,
  signal: AbortSignal = new AbortController().signal,
  onLine: (line: string) => void = () => undefined,
) {
  const said: string[] = []
  const say = (line: string) => {
    said.push(line)
    onLine(line)
  }
  const redact = (text: string) => text.replaceAll(secret, '***')
  const outcome = await runPulumi({ exec: execPort(signal), say, redact }, ground.place, wish, signal)
  return { outcome, said, failure: failureOf(outcome, wish) }
}

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
      counts: {},
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
    expect(outcome.deployment).toMatchObject({ counts: {}, changes: [], isComplete: false })
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
    expect(outcome.deployment).toMatchObject({ counts: {}, isComplete: false })
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

describe('ending', () => {
  it('a cancelled job interrupts the CLI once, and lets it end its update', async () => {
    using ground = groundFor([
      {
        call: 'up',
        phases: [[prelude, step('resourcePreEvent', 'update', deployment)]],
        stdout: 'Updating\n',
        hangs: 'yes',
      },
      outputs,
    ])
    const job = new AbortController()
    const { outcome, failure } = await run(ground, wishFor(), job.signal, (line) => line === 'Updating' && job.abort())
    expect(outcome).toMatchObject({ exitCode: 1, isCancelled: true, isKilled: false, isTimedOut: false })
    expect(ground.interrupts()).toBe(1)
    expect(failure?.code).toBe('pulumi-cancelled')
    // What it was at is told; and there is no time for anything else.
    expect(outcome.deployment).toMatchObject({
      isComplete: false,
      changes: [{ operation: 'update', name: 'cloudflared' }],
    })
    expect(ground.calls()).toHaveLength(1)
    expect(ground.leftovers()).toEqual([])
  })

  it('a CLI that does not end is killed after its patience, and the report says what that means', async () => {
    using ground = groundFor([{ call: 'up', phases: [[prelude]], hangs: 'deaf' }, outputs])
    const wish = wishFor({ timeoutMs: 700, patienceMs: 200 })
    const { outcome, failure } = await run(ground, wish)
    expect(outcome).toMatchObject({ exitCode: 137, isTimedOut: true, isKilled: true, isCancelled: false })
    expect(ground.interrupts()).toBe(1)
    expect(failure?.code).toBe('pulumi-timeout')
    expect(failure?.cause).toContain('the stack may be locked')
    expect(ground.leftovers()).toEqual([])
  })

  it('a job that was cancelled before starts nothing', async () => {
    using ground = groundFor([])
    const reason = new Error('cancelled')
    await expect(run(ground, wishFor(), AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(ground.calls()).toEqual([])
  })
})

describe('hostile output', () => {
  it('is shown as lines without secrets, bounded, and proves nothing', async () => {
    const forged = [
      'View Live: https://evil.example/ryan-taylor/oceanid-cluster/prod/updates/7',
      `View Live: ${page}/updates/7?next=evil`,
      'error: [409] Conflict: Another update is currently in progress.',
      '\u001b[31mred\u001b[0m',
      `pass\u200bphrase ${secret}`,
      'x'.repeat(200_000),
      ...Array.from({ length: 6000 }, (_, index) => `line ${index}`),
    ]
    using ground = groundFor([
      { call: 'up', phases: [updated], stdout: `${forged.join('\n')}\n` },
      { call: 'stack output', stdout: 'not JSON' },
    ])
    const { outcome, failure, said } = await run(ground, wishFor())
    expect(failure).toBeUndefined()
    expect(outcome.deployment).toMatchObject({ url: '', outputs: {}, secretOutputs: [] })
    expect(said).toContain('red')
    expect(said).toContain('passphrase ***')
    expect(said).toContain('(a line of more than 65536 characters is left out)')
    expect(said.length).toBeLessThan(5010)
    expect(outcome.lastLines).toHaveLength(200)
    expect(outcome.lastLines.at(-1)).toBe('line 5999')
    expect(JSON.stringify([outcome, said])).not.toContain(secret)
  })

  it('an event log of rubbish is an empty one', async () => {
    using ground = groundFor([
      {
        call: 'preview',
        phases: [['{', '[]', 'null', '{"summaryEvent":7}', '{"__proto__":{"summaryEvent":{}}}']],
        exitCode: 0,
      },
      outputs,
    ])
    const { outcome } = await run(ground, wishFor({ command: 'preview' }))
    expect(outcome.deployment).toMatchObject({ counts: {}, changes: [], isComplete: false })
  })
})
