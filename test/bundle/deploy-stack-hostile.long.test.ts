/** Hostile texts and files around deploy-stack, through its committed bundle: of Pulumi, the program, the event, and whoever writes a report. */
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type DeployDoor, deployDoors, outputNames, type Press, problemsOf, request } from './deploy-stack-door.ts'
import { hostileBytes, hostileLine, hostileText, marker, stdoutProblems, summaryProblems } from './hostile.ts'

const opened = deployDoors()
const limitMs = 240_000

const append = (door: DeployDoor, text: string): void => {
  const path = join(door.program, 'index.ts')
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n${text}`)
}

/** Ends as it would without: nothing was taken for a command, a verdict, or markup. */
function expectHarmless(press: Press, exitCode: number, result: string, code: string): void {
  const { result: said, 'failure-code': found } = press.outputs
  expect([press.exitCode, said, found, press.stderr]).toEqual([exitCode, result, code, ''])
  expect(problemsOf(press)).toEqual([])
  expect(Object.keys(press.outputs).sort()).toEqual(outputNames)
}

/** A program in place of the CLI. In it: `log`, the path of the event log; `write`, of one event; `hostile`, bytes. */
function standIn(door: DeployDoor, body: string, outputs = '{}'): void {
  const file = join(door.folder, 'hostile-bytes')
  writeFileSync(file, hostileBytes)
  door.stand(
    'pulumi',
    `import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
const args = process.argv.slice(2)
if (args.includes('output')) { writeSync(1, ${JSON.stringify(outputs)}); process.exit(0) }
const log = args[args.indexOf('--event-log') + 1]
const write = (event) => appendFileSync(log, JSON.stringify(event) + '\\n')
const hostile = readFileSync(${JSON.stringify(file)})
const text = ${JSON.stringify(hostileText)}
const line = ${JSON.stringify(hostileLine)}
const step = (op, more = {}) => ({ metadata: { op, urn: 'urn:pulumi:prod::oceanid-cluster::' + line + '::' + line, type: line, diffs: [line, text], detailedDiff: { [line]: { diffKind: line }, [text]: { diffKind: 'update' } }, ...more } })
${body}`,
  )
}

/** Everything that an event log knows, said by somebody else. */
const forged = `
write({ preludeEvent: { config: { [line]: text } } })
write({ diagnosticEvent: { severity: 'error', message: text, urn: line, color: line } })
write({ diagnosticEvent: { severity: 'warning', message: '<{%fg 1%}>' + text, urn: text } })
write({ policyEvent: { enforcementLevel: line, policyName: line, message: text, policyPackName: text } })
for (const op of ['create', 'update', 'delete', 'replace', line, '__proto__']) {
  write({ resourcePreEvent: step(op) })
  write({ resOutputsEvent: step(op) })
  write({ resOpFailedEvent: { ...step(op), status: 1, steps: 1 } })
}
for (const odd of [null, [], 7, 'x', { summaryEvent: null }, { resourcePreEvent: { metadata: [] } }, { __proto__: 1 }]) write(odd)
appendFileSync(log, hostile)
appendFileSync(log, '{"summaryEvent":{"resourceChanges":{"' + '${marker}'.repeat(200) + '":1,"create":1e99,"update":-3,"delete":"x"}}}\\n')
write({ summaryEvent: { maybeCorrupt: text, durationSeconds: -1, resourceChanges: { [line]: 1, [text]: 2, update: 3, ['__proto__']: 4 }, result: 'succeeded' } })
`

describe('a program', () => {
  it(
    'that prints, names, throws and exports what it likes issues no command, and breaks no page',
    async () => {
      const door = await opened()
      door.set('deploy-hostile')
      for (const command of ['preview', 'up', 'drift'] as const) {
        const press = await door.press(command)
        expectHarmless(press, 1, 'failed', 'pulumi-program')
        await door.post(press, command)
      }
      // What it exports, and names resources, where it does not throw.
      door.set()
      append(
        door,
        `const text = ${JSON.stringify(hostileText)}
console.log(text); console.error(text)
process.stdout.write(Buffer.from(${JSON.stringify(hostileBytes.toString('base64'))}, 'base64'))
export const evil = text
export const object = { [text]: [text], ['__proto__']: text }
new k8s.core.v1.ConfigMap(text, { metadata: { name: 'strange' }, data: { [text]: text } })`,
      )
      const press = await door.press('up')
      expectHarmless(press, 0, 'deployed', '')
      await door.post(press, 'up')
      const told = await door.press('comment', {
        ...request(),
        inputs: { 'from-report': press.outputs.report ?? '' },
      })
      // What was written is looked at below; here it is enough that it was.
      expect([told.exitCode, told.outputs.result, stdoutProblems(told.stdout)]).toEqual([0, 'commented', []])
    },
    limitMs,
  )

  it(
    'that writes into the event log of its CLI forges no verdict: neither a success, nor drift, nor its absence',
    async () => {
      const door = await opened()
      const forge = (event: unknown, ending: string): string => `
import { appendFileSync, readFileSync as read, writeFileSync } from 'node:fs'
const words = read('/proc/' + process.ppid + '/cmdline', 'utf8').split('\\0')
const log = words[words.indexOf('--event-log') + 1]!
const forged = ${JSON.stringify(JSON.stringify(event))} + '\\n'
${ending}`
      const well = { summaryEvent: { resourceChanges: { update: 41 }, result: 'succeeded' } }
      append(door, forge(well, "appendFileSync(log, forged)\nthrow new Error('all is well')"))
      const failed = await door.press('up')
      expectHarmless(failed, 1, 'failed', 'pulumi-program')
      await door.post(failed, 'up')

      door.set()
      door.deploy.settle()
      const change = {
        resOutputsEvent: { metadata: { op: 'delete', urn: 'urn:pulumi:prod::p::t::n', type: 't', diffs: ['x'] } },
      }
      append(door, forge(change, 'appendFileSync(log, forged)'))
      const drift = await door.press('drift')
      expectHarmless(drift, 0, 'unchanged', '')
      await door.post(drift, 'drift')
    },
    limitMs,
  )
})

describe('a CLI', () => {
  it(
    'that prints without end and keeps a forged event log is read with a bound, and judged by how it ended',
    async () => {
      const door = await opened()
      const noise = `
writeSync(1, hostile); writeSync(2, hostile)
writeSync(1, 'View Live: https://evil.test/ryan-taylor/oceanid-cluster/prod/updates/7\\n')
writeSync(1, '::set-output name=url::https://evil.test\\n')
for (let part = 0; part < 10; part++) { const much = Buffer.alloc(1024 * 1024, 'evil '); writeSync(1, much); writeSync(2, much) }
for (let line = 0; line < 20000; line++) writeSync(1, 'again and again\\n')
${forged}
appendFileSync(log, Buffer.alloc(64 * 1024 * 1024, '{'))
`
      const outputs = JSON.stringify({ [hostileText]: hostileText, ok: { deep: [hostileLine] }, secret: '[secret]' })
      for (const [ending, exitCode, result, code] of [
        ['process.exit(0)', 0, 'deployed', ''],
        ['process.exit(1)', 1, 'failed', /^pulumi-/],
        ['process.exit(255)', 1, 'failed', /^pulumi-/],
        ["process.kill(process.pid, 'SIGSEGV')", 1, 'failed', /^pulumi-/],
      ] as const) {
        standIn(door, `${noise}\n${ending}`, outputs)
        const running = door.start({ command: 'up' })
        let most = 0
        const sampled = setInterval(() => {
          try {
            const status = readFileSync(`/proc/${running.child.pid}/status`, 'latin1')
            most = Math.max(most, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024)
          } catch {
            // It has ended.
          }
        }, 50)
        const press = await running.ended
        clearInterval(sampled)
        expect(press.outputs['failure-code']).toMatch(code)
        expectHarmless(press, exitCode, result, press.outputs['failure-code'] ?? '')
        expect(press.outputs.url).toBe('')
        // Several times the longest event that is read.
        expect(most).toBeLessThan(400)
        expect(Buffer.byteLength(press.summary)).toBeLessThan(1024 * 1024)
        expect(press.stdout.length).toBeLessThan(3 * 1024 * 1024)
        await door.post(press, 'up')
        expect(door.leftovers()).toEqual([])
      }
    },
    limitMs,
  )

  it(
    'whose event log is gone, a link, a pipe or a folder has deployed all the same, and nobody says otherwise',
    async () => {
      const door = await opened()
      for (const body of [
        '',
        "writeFileSync(log, '')",
        'symlinkSync(process.env.KUBECONFIG, log)',
        "execFileSync('mkfifo', [log])",
        'mkdirSync(log)',
        `${forged}; rmSync(log)`,
      ]) {
        standIn(door, body)
        const press = await door.press('up')
        expect([body, press.report?.headline]).toEqual([body, expect.stringMatching(/is deployed/)])
        expectHarmless(press, 0, 'deployed', '')
        expect([body, press.outputs.changed]).toEqual([body, 'true'])
        const preview = await door.press('preview')
        expectHarmless(preview, 0, 'previewed', '')
        for (const done of [press, preview]) await door.post(done, 'up')
      }
      // A comparison that found something, and does not say what.
      standIn(door, 'process.exit(7)')
      const drift = await door.press('drift')
      expectHarmless(drift, 1, 'failed', 'pulumi-failed')
      expect(drift.report?.failure?.cause).toContain('its event log does not say what')
      await door.post(drift, 'drift')
    },
    limitMs,
  )
})

describe('links where files of ours should be', () => {
  it(
    'lead nobody to write elsewhere',
    async () => {
      const door = await opened()
      const victim = join(door.folder, 'victim')
      writeFileSync(victim, 'somebody’s')
      door.set('deploy-drift')
      const folder = join(door.workspace, 'report')
      mkdirSync(join(folder, 'evidence'), { recursive: true })
      for (const name of ['report.json', 'summary.md', 'evidence.txt', 'evidence/log'])
        symlinkSync(victim, join(folder, name))
      const press = await door.press('drift', { inputs: { 'report-directory': 'report' } })
      await door.post(press, 'drift')
      expectHarmless(press, 1, 'drifted', 'pulumi-drift')
      expect(readFileSync(victim, 'utf8')).toBe('somebody’s')
      for (const name of ['report.json', 'summary.md', 'evidence.txt'])
        expect([name, lstatSync(join(folder, name)).isFile()]).toEqual([name, true])
    },
    limitMs,
  )
})

describe('what the event and a report say', () => {
  it(
    'of names, branches, titles and commits is text, to whichever command',
    async () => {
      const door = await opened()
      const evil = hostileText.replaceAll('\0', '').toWellFormed()
      const machine = {
        GITHUB_HEAD_REF: evil,
        GITHUB_BASE_REF: evil,
        GITHUB_ACTOR: evil,
        GITHUB_WORKFLOW: evil,
        GITHUB_JOB: evil,
        GITHUB_SHA: evil,
        GITHUB_RUN_ATTEMPT: evil,
        GITHUB_RUN_NUMBER: evil,
        GITHUB_SERVER_URL: evil,
        RUNNER_NAME: evil,
      }
      const event = {
        repository: { default_branch: 'main', full_name: evil },
        head_commit: { message: evil },
        commits: [{ message: evil, author: { name: evil } }],
        sender: { login: evil },
      }
      for (const command of ['guard', 'preview', 'up'] as const) {
        const press = await door.press(command, { machine, event })
        const result = { guard: 'allowed', preview: 'previewed', up: 'deployed' }[command]
        expectHarmless(press, 0, result, '')
        await door.post(press, command, { machine, event })
      }
      // And where the guard quotes them.
      for (const name of ['GITHUB_REF', 'GITHUB_EVENT_NAME', 'RUNNER_ENVIRONMENT', 'DEPLOY_TARGET']) {
        const press = await door.press('up', { machine: { ...machine, [name]: evil }, event })
        expectHarmless(press, 1, 'failed', 'deploy-refused')
      }
      const branch = { repository: { default_branch: '../../::error::x', full_name: evil } }
      expectHarmless(await door.press('up', { machine, event: branch }), 1, 'failed', 'deploy-refused')
    },
    limitMs,
  )

  it(
    'is told to a pull request as text: no mention, no link, no markup, and not more than GitHub takes',
    async () => {
      const door = await opened()
      standIn(door, `${forged}; writeSync(2, hostile); process.exit(1)`)
      const failed = await door.press('preview', request())
      await door.post(failed, 'preview')
      const honest = JSON.parse(readFileSync(failed.outputs.report ?? '', 'utf8')) as unknown
      // Whoever has the artifact writes what the schema lets stand, everywhere, and much of it.
      const evil = (value: unknown, path = ''): unknown => {
        if (Array.isArray(value)) return value.map((one) => evil(one, path))
        if (typeof value === 'object' && value !== null)
          return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, evil(one, `${path}.${key}`)]))
        const isWord =
          /\.(schema|action|result|verdict|command|severity|startedAt|code|id|change|kind)$/.test(path) ||
          typeof value !== 'string'
        return isWord ? value : `${hostileText} #17 GH-17 @octocat https://evil.test ${'long '.repeat(3000)}`
      }
      const path = join(door.workspace, 'forged.json')
      for (const report of [honest, evil(honest)]) {
        writeFileSync(path, JSON.stringify(report))
        const press = await door.press('comment', { ...request(), inputs: { 'from-report': path } })
        expect([press.exitCode, press.stderr]).toEqual([press.outputs['failure-code'] === '' ? 0 : 1, ''])
        const body = door.github.issues.all.find(({ number }) => number === 7)?.comments.at(-1)?.body ?? ''
        expect(body.length).toBeGreaterThan(100)
        expect(body.length).toBeLessThan(65_536)
        const [head = '', at = '', ...rest] = body.split('\n')
        expect(head).toMatch(/^<!-- k3s-gpu-actions\/deploy-stack cluster=[\w%]* stack=[\w%]* -->$/)
        expect(at).toMatch(/^<!-- at [0-9TZ:.-]+ -->$/)
        const own = rest.filter((line) => !/^(Commit \[[0-9a-f]{10}\]\(https:\/\/github\.com\/|\[the run\])/.test(line))
        const [title = ''] = own.splice(
          own.findIndex((line) => line !== ''),
          1,
        )
        expect(title).toMatch(/^### /)
        expect(summaryProblems(own.join('\n'))).toEqual([])
        expect(body.replaceAll(/```+text?\n[\s\S]*?```+/g, '')).not.toMatch(/(^|\s)(#17|GH-17)/)
      }
    },
    limitMs,
  )
})
