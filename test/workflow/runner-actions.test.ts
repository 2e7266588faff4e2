import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { run, stepsOf } from './runner-fixture.ts'

const commit = 'a'.repeat(40)
const checkout = `- uses: actions/checkout@${commit}\n`
const upload = (settings: string): string =>
  `- if: always()\n  uses: actions/upload-artifact@${commit}\n  with: { ${settings} }\n`

/** A step that runs JavaScript in the probe action of the fixture. */
const probe = (inputs: Readonly<Record<string, string>>, more = ''): string =>
  `- uses: $/actions/probe\n${more}  with:\n${Object.entries(inputs)
    .map(([name, text]) => `    ${name}: ${JSON.stringify(text)}\n`)
    .join('')}`

describe('an action of this repository', () => {
  it('runs pre at the start of the job and post in reverse order at its end, with the state that main left', async () => {
    const stage = (name: string) => ({
      'pre-code': `console.log('pre ${name}')`,
      code: `import { appendFileSync } from 'node:fs'
        appendFileSync(process.env.GITHUB_STATE, 'made=${name}\\n')
        console.log('main ${name}')`,
      'post-code': `console.log('post', process.env.STATE_made)`,
    })
    const result = await run(stepsOf(`${probe(stage('one'))}${probe(stage('two'))}- run: exit 1`))
    const said = result.log.split('\n').filter((line) => /^(pre|main|post) /.test(line))
    expect(said).toEqual(['pre one', 'pre two', 'main one', 'main two', 'post two', 'post one'])
    expect(result.conclusion).toBe('failure')
  })

  it('runs post after a main that crashed, and no post for a step that was skipped', async () => {
    const crashed = probe({ code: `throw new Error('our bug')`, 'post-code': `console.log('tidied up')` })
    const skipped = probe({ code: '', 'post-code': `console.log('never')` }, '  if: success()\n')
    // The pre stage registers post for both; only the probe without pre may skip it, so it is switched off here.
    const withoutPre = (text: string): string => text.replace('  pre: pre.mjs\n', '')
    const action = withoutPre(
      readFileSync(join(import.meta.dirname, '../../../test/fixtures/workflows/actions/probe/action.yml'), 'utf8'),
    )
    const result = await run(stepsOf(crashed + skipped), { files: { 'actions/probe/action.yml': action } })
    expect(result.log).toContain('\ntidied up\n')
    expect(result.log).not.toContain('\nnever\n')
    expect(result.jobs[0]?.steps.map((step) => [step.conclusion, step.exitCode])).toEqual([
      ['failure', 1],
      ['skipped', undefined],
      ['success', 0],
    ])
  })

  it('gets its inputs as the runner hands them over: upper case, hyphens kept, defaults evaluated', async () => {
    const code = `console.log(JSON.stringify([process.env.INPUT_GREETING, process.env['INPUT_OLD-NAME'], 'INPUT_POST-CODE' in process.env]))`
    const result = await run(stepsOf(probe({ code, 'old-name': 'x', unknown: 'y' })), { actor: 'somebody' })
    expect(result.log).toContain('\n["hello somebody","x",true]\n')
    expect(result.log).toContain(
      "Warning: Unexpected input(s) 'unknown', valid inputs are ['code', 'pre-code', 'post-code', 'greeting', 'old-name']",
    )
    expect(result.log).toContain("Warning: Input 'old-name' has been deprecated with message: use greeting")
  })

  it('runs in the workspace under Node 24 and sees nothing of this machine but what a runner gives', async () => {
    process.env.RUNNER_FIXTURE_PRIVATE = 'must stay here'
    try {
      const code = `console.log(process.version.split('.')[0], process.cwd() === process.env.GITHUB_WORKSPACE, process.env.RUNNER_FIXTURE_PRIVATE, process.env.KUBECONFIG)
        console.log(Object.keys(process.env).filter((name) => /^(JEST|npm)_/i.test(name)).length, process.env.GITHUB_ACTIONS, process.env.RUNNER_ENVIRONMENT, process.env.GITHUB_RUN_NUMBER)`
      const result = await run(stepsOf(probe({ code })), { machine: { KUBECONFIG: '/etc/kubeconfig' }, runNumber: 7 })
      expect(result.log).toContain('\nv24 true undefined /etc/kubeconfig\n0 true self-hosted 7\n')
    } finally {
      delete process.env.RUNNER_FIXTURE_PRIVATE
    }
  })

  it('is found in the workspace by ./ only after a checkout, and its pre does not run then', async () => {
    const step = probe({ code: `console.log('from the workspace')` }).replace('$/', './')
    const early = await run(stepsOf(step))
    expect(early.conclusion).toBe('failure')
    expect(early.log).toContain('Error: ./actions/probe: there is no action.yml in this folder')
    const late = await run(stepsOf(checkout + step))
    expect(late.log).toContain('\nfrom the workspace\n')
    expect(late.log).toContain('Warning: `pre` execution is not supported for local action')
  })

  it('leaves nothing in RUNNER_TEMP and nothing running after the job', async () => {
    const folder = join((await run(stepsOf('- run: echo $RUNNER_TEMP'))).directory, 'runner', '_work', '_temp')
    const code = `import { spawn } from 'node:child_process'
      import { writeFileSync } from 'node:fs'
      writeFileSync(process.env.RUNNER_TEMP + '/secret', 'x')
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
      child.unref()
      console.log('pid ' + child.pid)`
    const result = await run(stepsOf(probe({ code })))
    const pid = Number(/^pid (\d+)$/m.exec(result.log)?.[1])
    expect(pid).toBeGreaterThan(1)
    if (process.platform === 'linux') {
      const state = (): string => {
        try {
          return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
        } catch {
          return 'gone'
        }
      }
      // The kernel carries out SIGKILL in its own time.
      const deadline = performance.now() + 5000
      while (!['gone', 'Z', 'X'].includes(state()) && performance.now() < deadline)
        await new Promise((resolve) => setImmediate(resolve))
      expect(['gone', 'Z', 'X']).toContain(state())
    }
    expect(() => readFileSync(join(folder, 'secret'))).toThrow(/ENOENT/)
    expect(() => readFileSync(join(result.directory, 'runner', '_work', '_temp', 'secret'))).toThrow(/ENOENT/)
  })
})

describe('stand-ins for third-party actions', () => {
  it('checkout brings the files of this repository into the workspace, and only those', async () => {
    const result = await run(stepsOf(`- run: ls | wc -l\n${checkout}- run: cat clusters/one.yaml; ls -A`), {
      files: { 'clusters/one.yaml': 'name: one\n', 'node_modules/x/index.js': '', 'dist/index.js': '' },
    })
    expect(result.log).toMatch(/\n\s*0\n/)
    expect(result.log).toContain('name: one')
    expect(result.log).not.toContain('node_modules')
    expect(result.log).toMatch(/\ndist\n/)
  })

  it('checkout has no other repository and no other commit', async () => {
    const result = await run(stepsOf(`- uses: actions/checkout@${commit}\n  with: { repository: somebody/else }`))
    expect(result.log).toContain("Error: the rehearsal has only this repository, not 'somebody/else'")
  })

  it('upload-artifact keeps files after the job, with patterns and exclusions, without hidden ones', async () => {
    const result = await run(
      stepsOf(`
- run: mkdir -p out/deep; echo 1 > out/report.json; echo 2 > out/deep/log.txt; echo 3 > out/.hidden; echo 4 > out/deep/secret.txt
${upload("name: report, path: 'out\n    !out/**/secret.txt'").replace("path: 'out\n    !out/**/secret.txt'", 'path: "out\\n!out/**/secret.txt"')}`),
    )
    const folder = result.artifacts.report ?? ''
    expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe('1\n')
    expect(readFileSync(join(folder, 'deep', 'log.txt'), 'utf8')).toBe('2\n')
    for (const name of ['.hidden', join('deep', 'secret.txt')])
      expect(() => readFileSync(join(folder, name))).toThrow(/ENOENT/)
  })

  it('upload-artifact takes what lies in RUNNER_TEMP, and says so when there is nothing', async () => {
    const result = await run(
      stepsOf(
        `- run: echo hi > "$RUNNER_TEMP/report.md"\n${upload('name: a, path: "${{ runner.temp }}/report.md"')}${upload('name: b, path: none, if-no-files-found: error')}`,
      ),
    )
    expect(readFileSync(join(result.artifacts.a ?? '', 'report.md'), 'utf8')).toBe('hi\n')
    expect(result.log).toContain(
      'Error: No files were found with the provided path: none. No artifacts will be uploaded.',
    )
    expect(result.conclusion).toBe('failure')
  })

  it('upload-artifact refuses the same name twice, as GitHub does', async () => {
    const result = await run(stepsOf(`- run: echo 1 > f\n${upload('name: a, path: f')}${upload('name: a, path: f')}`))
    expect(result.log).toContain('(409) Conflict')
  })

  it('setup-node has the Node that rehearses, and no other', async () => {
    const node = (version: string): string =>
      `- uses: actions/setup-node@${commit}\n  with: { node-version: ${version} }\n`
    const result = await run(stepsOf(`${node('24')}- run: node --version\n${node('22')}`))
    expect(result.log).toContain(`\n${process.version}\n`)
    expect(result.log).toContain('Error: the rehearsal runs on Node')
  })

  it('more of them can be added by name', async () => {
    const standIns = {
      'somebody/tool': {
        inputs: { size: '1' },
        main: async (step: {
          inputs: Readonly<Record<string, string>>
          workspace: string
          output(name: string, value: string): void
        }) => {
          writeFileSync(join(step.workspace, 'made'), step.inputs.size ?? '')
          step.output('done', 'yes')
        },
        post: async (step: { line(text: string): void }) => step.line('tool tidied up'),
      },
    }
    const result = await run(
      stepsOf(`- id: t\n  uses: somebody/tool@${commit}\n- run: echo "$(cat made) \${{ steps.t.outputs.done }}"`),
      { standIns },
    )
    expect(result.log).toContain('\n1 yes\n')
    expect(result.log.indexOf('tool tidied up')).toBeGreaterThan(result.log.indexOf('1 yes'))
  })
})
