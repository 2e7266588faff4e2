import { describe, expect, it } from '@jest/globals'
import { run } from './runner-fixture.ts'

const called = `
on:
  workflow_call:
    inputs:
      node: { type: string, required: true }
      dry-run: { type: boolean }
      tries: { type: number, default: 3 }
    secrets:
      key: { required: true }
      password: { required: false }
    outputs:
      result: { value: '\${{ jobs.join.outputs.result }}' }
jobs:
  join:
    name: Join \${{ inputs.node }}
    runs-on: x
    outputs: { result: '\${{ steps.join.outputs.result }}' }
    steps:
      - id: join
        env: { KEY: '\${{ secrets.key }}', PASSWORD: '\${{ secrets.password }}', OTHER: '\${{ secrets.OTHER }}' }
        run: |
          echo "result=joined-\${#KEY}" >> "$GITHUB_OUTPUT"
          echo "\${{ inputs.node }} \${{ inputs.dry-run }} \${{ inputs.tries }} [$PASSWORD] [$OTHER] $KEY"
`

const caller = (body: string): string => `
on: workflow_dispatch
jobs:
  call:
    name: Join
    uses: $/.github/workflows/called.yml
${body}
  after:
    needs: call
    runs-on: x
    steps: [{ run: 'echo "result \${{ needs.call.outputs.result }}"' }]
`
const secrets = { THE_KEY: 'key-material-1', OTHER: 'not-handed-on' }

describe('a called workflow', () => {
  it('gets declared inputs with their types, the secrets it is given and no other, and gives outputs', async () => {
    const text = caller("    with: { node: calypso, dry-run: true }\n    secrets: { key: '${{ secrets.THE_KEY }}' }")
    const result = await run(text, { files: { 'called.yml': called }, secrets })
    expect(result.conclusion).toBe('success')
    expect(result.log).toContain('\ncalypso true 3 [] [] ***\n')
    expect(result.log).toContain('\nresult joined-14\n')
    expect(result.jobs.map((job) => [job.id, job.name])).toEqual([
      ['call/join', 'Join / Join calypso'],
      ['call', 'Join'],
      ['after', 'after'],
    ])
  })

  it('inherits all secrets where the caller says so', async () => {
    const text = caller('    with: { node: calypso }\n    secrets: inherit').replace('THE_KEY', 'key')
    const result = await run(text, {
      files: { 'called.yml': called },
      secrets: { key: 'key-material-1', OTHER: 'handed-on-now' },
    })
    expect(result.log).toContain('\ncalypso false 3 [] [***] ***\n')
  })

  it.each([
    [
      'an input it does not declare',
      '    with: { node: a, nodes: b }\n    secrets: { key: x }',
      /test\.yml:7:\d+: .*called\.yml declares no input 'nodes'/,
    ],
    [
      'a secret it does not declare',
      '    with: { node: a }\n    secrets: { key: x, keys: y }',
      /declares no secret 'keys'/,
    ],
    ['without a required input', '    secrets: { key: x }', /input 'node' is required/],
    ['without a required secret', '    with: { node: a }', /secret 'key' is required/],
  ])('refuses %s before anything runs', async (_, body, message) => {
    await expect(run(caller(body), { files: { 'called.yml': called } })).rejects.toThrow(message)
  })

  it('refuses a value of another type, naming the place', async () => {
    const text = caller("    with: { node: a, tries: '${{ github.actor }}' }\n    secrets: { key: x }")
    await expect(run(text, { files: { 'called.yml': called } })).rejects.toThrow(
      /test\.yml:7:\d+: input 'tries' of .* is a number, and 'owner' is none/,
    )
  })

  it('may ask for no more permissions than its caller grants', async () => {
    const greedy = called.replace(
      '    runs-on: x',
      '    runs-on: x\n    permissions: { contents: write, id-token: write }',
    )
    const text = caller('    permissions: { contents: write }\n    with: { node: a }\n    secrets: { key: x }')
    await expect(run(text, { files: { 'called.yml': greedy } })).rejects.toThrow(
      /called\.yml:\d+:\d+: the job 'join' is requesting 'id-token: write', but is only allowed 'id-token: none'/,
    )
  })

  it('may not hold the concurrency group that its caller holds: the run would wait for itself', async () => {
    const held = `concurrency: cluster\n${called}`
    const text = `concurrency: { group: cluster, queue: max }\n${caller('    with: { node: a }\n    secrets: { key: x }')}`
    await expect(run(text, { files: { 'called.yml': held } })).rejects.toThrow(
      /called\.yml:1:\d+: the concurrency group 'cluster' is already held/,
    )
  })

  it('may call further ones ten levels deep, and no deeper', async () => {
    const link = (next: number): string =>
      `on: { workflow_call: }\njobs:\n  next:\n    uses: ./.github/workflows/level${next}.yml\n`
    const end = 'on: { workflow_call: }\njobs:\n  end:\n    runs-on: x\n    steps: [{ run: echo the bottom }]\n'
    const chain = (levels: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: levels - 1 }, (_, index) => [
          `level${index + 2}.yml`,
          index + 2 === levels ? end : link(index + 3),
        ]),
      )
    const start = 'on: workflow_dispatch\njobs:\n  next:\n    uses: ./.github/workflows/level2.yml\n'
    const deep = await run(start, { files: chain(10) })
    expect(deep.log).toContain('\nthe bottom\n')
    await expect(run(start, { files: chain(11) })).rejects.toThrow(/10 levels deep/)
  })
})
