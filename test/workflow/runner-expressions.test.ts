import { describe, expect, it } from '@jest/globals'
import { evaluateExpression, textOf } from '../../rehearsal/workflow/expressions.ts'
import { combinationsOf } from '../../rehearsal/workflow/matrix.ts'
import { run, stepsOf } from './runner-fixture.ts'

const contexts = { github: { actor: 'owner' }, inputs: { 'dry-run': true, node: 'calypso' }, env: {} }

describe('expressions are evaluated by GitHub’s own evaluator', () => {
  it.each([
    ["inputs.dry-run && 'dry' || 'wet'", 'dry'],
    ['inputs.absent', ''],
    ["format('{0}@{1}', github.actor, inputs.node)", 'owner@calypso'],
    ['fromJSON(\'["self-hosted","lan"]\')[1]', 'lan'],
    ["contains('Calypso', 'CALYPSO')", 'true'],
    ["'A' == 'a'", 'true'],
    ['GITHUB.ACTOR', 'owner'],
    // Every pair of quotes in a text is one, which GitHub's own lexer for JavaScript forgets.
    ["format('say ''{0}'' and ''it''''s'' {{}}', github.actor)", "say 'owner' and 'it''s' {}"],
    ['1 + 1', undefined],
  ])('%s', (expression, expected) => {
    if (expected === undefined) expect(() => evaluateExpression(expression, contexts)).toThrow()
    else expect(textOf(evaluateExpression(expression, contexts))).toBe(expected)
  })

  it('names file, line and column of one that cannot be evaluated', async () => {
    const result = await run(stepsOf("- name: Odd\n  run: echo ${{ fromJSON('{') }}"))
    expect(result.conclusion).toBe('failure')
    expect(result.log).toMatch(/\.github\/workflows\/test\.yml:\d+:\d+: the expression 'format\('echo \{0\}', fromJSON/)
  })
})

describe('a job’s steps', () => {
  it('run under success() unless their if says otherwise, and a failure ends the job as failed', async () => {
    const result = await run(
      stepsOf(`
- run: exit 3
- run: echo not shown
- if: failure()
  run: echo after the failure
- if: always() && github.actor == 'owner'
  run: echo in any case
- if: cancelled()
  run: echo never`),
    )
    expect(result.conclusion).toBe('failure')
    expect(result.jobs[0]?.steps.map((step) => step.conclusion)).toEqual([
      'failure',
      'skipped',
      'success',
      'success',
      'skipped',
    ])
    expect(result.log).toContain('Error: Process completed with exit code 3.')
    expect(result.log).not.toContain('\nnot shown')
  })

  it('may fail where continue-on-error allows it: outcome and conclusion differ', async () => {
    const result = await run(
      stepsOf(`
- id: shaky
  continue-on-error: true
  run: exit 1
- run: echo "\${{ steps.shaky.outcome }} but \${{ steps.shaky.conclusion }}"`),
    )
    expect(result.conclusion).toBe('success')
    expect(result.log).toContain('\nfailure but success\n')
  })

  it('have a time limit of their own', async () => {
    const result = await run(stepsOf('- name: Slow\n  timeout-minutes: 0.005\n  run: exec sleep 30'), {
      delays: { interruptMs: 50, terminateMs: 50 },
    })
    expect(result.conclusion).toBe('failure')
    expect(result.log).toContain("Error: The action 'Slow' has timed out after 0.005 minutes.")
  })

  it('see env of workflow, job and step, the nearest first, and defaults.run', async () => {
    const text = `
on: workflow_dispatch
env: { A: workflow, B: workflow, C: workflow }
defaults: { run: { shell: sh } }
jobs:
  work:
    runs-on: self-hosted
    env: { B: job, C: job }
    defaults: { run: { working-directory: below } }
    steps:
      - run: mkdir below
        working-directory: .
      - run: echo "$A $B $C in \${PWD##*/}"
        env: { C: step }
`
    const result = await run(text)
    expect(result.log).toContain('\nworkflow job step in below\n')
    expect(result.log).toMatch(/shell: \S*\/sh -e \{0\}/)
  })

  it('stop at the first failing command, with pipefail only where bash is asked for by name', async () => {
    const result = await run(
      stepsOf(`
- run: |
    false | true
    echo plain survives
- shell: bash
  run: |
    false | true
    echo bash survives`),
    )
    expect(result.log).toContain('\nplain survives\n')
    expect(result.log).not.toContain('\nbash survives\n')
    expect(result.conclusion).toBe('failure')
  })
})

describe('jobs', () => {
  it('wait for those they need, hand on outputs, and are skipped after a failure, through others too', async () => {
    const text = `
on: workflow_dispatch
jobs:
  last:
    needs: middle
    runs-on: x
    steps: [{ run: echo never }]
  always:
    needs: [first, middle]
    if: always()
    runs-on: x
    steps: [{ run: 'echo "\${{ needs.first.outputs.answer }} \${{ needs.first.result }} \${{ needs.middle.result }}"' }]
  middle:
    needs: first
    runs-on: x
    steps: [{ run: exit 1 }]
  first:
    runs-on: x
    outputs: { answer: '\${{ steps.a.outputs.answer }}' }
    steps: [{ id: a, run: echo answer=42 >> "$GITHUB_OUTPUT" }]
`
    const result = await run(text)
    expect(Object.fromEntries(result.jobs.map((job) => [job.id, job.conclusion]))).toEqual({
      first: 'success',
      middle: 'failure',
      last: 'skipped',
      always: 'success',
    })
    expect(result.log).toContain('\n42 success failure\n')
    expect(result.conclusion).toBe('failure')
  })

  it('run once per combination of their matrix', async () => {
    const text = `
on: workflow_dispatch
jobs:
  work:
    strategy: { matrix: { os: [a, b], size: [1, 2], exclude: [{ os: b, size: 2 }] } }
    runs-on: \${{ matrix.os }}
    steps: [{ run: 'echo on \${{ matrix.os }}\${{ matrix.size }}' }]
`
    const result = await run(text)
    expect(result.jobs.map((job) => job.name)).toEqual(['work (a, 1)', 'work (a, 2)', 'work (b, 1)'])
    expect(result.log).toContain('\non b1\n')
  })

  it('combine include as GitHub documents it', () => {
    expect(
      combinationsOf({
        fruit: ['apple', 'pear'],
        include: [{ color: 'green' }, { fruit: 'apple', shape: 'round' }, { fruit: 'fig' }],
      }),
    ).toEqual([{ fruit: 'apple', color: 'green', shape: 'round' }, { fruit: 'pear', color: 'green' }, { fruit: 'fig' }])
  })

  it('record permissions, environment, runner labels and concurrency', async () => {
    const text = `
on: workflow_dispatch
run-name: Join \${{ inputs.node || 'calypso' }} by \${{ github.actor }}
concurrency: { group: 'cluster-\${{ github.actor }}', queue: max }
permissions: {}
jobs:
  work:
    runs-on: \${{ fromJSON('{"group":"lan","labels":["linux"]}') }}
    permissions: { contents: read }
    environment: { name: oceanid, deployment: false }
    steps: [{ run: 'echo "got \${{ vars.REGION }} \${{ secrets.DEEP }}"' }]
`
    const result = await run(text, {
      environments: { oceanid: { vars: { REGION: 'home' }, secrets: { DEEP: 'value-of-deep' } } },
    })
    expect(result.runName).toBe('Join calypso by owner')
    expect(result.concurrency).toEqual({ group: 'cluster-owner', queue: 'max' })
    expect(result.jobs[0]).toMatchObject({
      runsOn: ['group lan', 'linux'],
      permissions: { contents: 'read' },
      environment: { name: 'oceanid', deployment: false },
    })
    expect(result.log).toContain('\ngot home ***\n')
  })
})
