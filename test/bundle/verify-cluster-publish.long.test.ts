/** Runs of verify-cluster that reach no cluster, through its bundle: what another job found is published, and a workflow is watched. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Report } from '../../src/report/index.ts'
import { type Door, doors } from './door.ts'
import {
  apiAt,
  type Counted,
  counted,
  jobToken,
  keeping,
  lay,
  list,
  outputNames,
  requestsOf,
  verificationOf,
} from './verify-cluster-door.ts'

const opened = doors()
const limitMs = 240_000

/** A hosted job has no way to the cluster, nothing of Triton's, and no kubeconfig. */
const alone = { 'cluster-file': '', 'access-client-id': '', 'access-client-secret': '' }
const publish = (door: Door, report: string, inputs: Readonly<Record<string, string>> = {}): Promise<Counted> =>
  counted(door, { ...alone, 'from-report': report, ...inputs }, { ...apiAt(door, 'refused') })

describe('a report of another job', () => {
  it(
    'is published as it is, with its summary, its outputs and its issue; what is none is refused',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { issues } = door.world.github
      const suites = { suites: 'api, nodes, triton', 'report-directory': `${door.folder}/reports` }
      await door.world.cluster.comeOver(new Set(['verify-node-cordoned', 'verify-node-not-ready']))
      const verified = (await counted(door, suites)).press
      expect(verified.exitCode).toBe(1)
      const file = verified.outputs.report ?? ''
      const text = readFileSync(file, 'utf8')
      const before = requestsOf(door).length

      const quiet = await publish(door, file)
      expect(quiet.press).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: { result: 'published', 'failure-code': '' },
      })
      expect([quiet.github, quiet.triton]).toEqual([[], []])
      const told = await publish(door, file, keeping(door))
      for (const { press } of [quiet, told]) {
        expect(Object.keys(press.outputs).sort()).toEqual(outputNames)
        const own = ['result', 'failure-code', 'report', 'junit', 'metrics', 'issue-url']
        for (const name of outputNames.filter((one) => !own.includes(one)))
          expect([name, press.outputs[name]]).toEqual([name, verified.outputs[name]])
        // A report keeps its facts in the order of their names; only this job knows of the issue.
        const lines = press.summary.split('\n').filter((line) => line !== '' && !line.startsWith('**Issue:**'))
        expect(lines.sort()).toEqual(
          verified.summary
            .split('\n')
            .filter((line) => line !== '')
            .sort(),
        )
      }
      expect(quiet.press.summary).not.toContain('**Issue:**')
      expect(told.press.summary).toContain(`**Issue:** <${told.press.outputs['issue-url']}>`)
      expect(told.press.outputs['issue-url']).toMatch(/\/issues\/1$/)
      expect(issues.all.map(({ state }) => state)).toEqual(['open'])
      expect(issues.all[0]?.body).toContain('nodes.ready')
      // Once more says the same: nothing is edited, nobody gets mail.
      const again = await publish(door, file, keeping(door))
      expect(again.github.filter((request) => !request.startsWith('GET '))).toEqual([])
      expect(again.press.outputs['issue-url']).toBe(told.press.outputs['issue-url'])
      expect((await publish(door, file, { ...keeping(door), 'dry-run': 'true' })).github).toEqual([])

      const report = JSON.parse(text) as Report
      const { verification, ...without } = report
      const broken: readonly (readonly [string, string, RegExp])[] = [
        ['empty', '', /it is empty/],
        ['cut', text.slice(0, text.length / 2), /it is no JSON/],
        ['a list', '[]', /breaks the schema of reports at its top/],
        [
          'a forged verdict',
          JSON.stringify({ ...report, verification: { ...verification, verdict: 'fine' } }),
          /schema/,
        ],
        ['a number for a text', JSON.stringify({ ...report, headline: 5 }), /schema of reports at .?\/headline/],
        ['a further key', JSON.stringify({ ...report, '::error::evil': 1 }), /schema/],
        ['of another action', JSON.stringify({ ...without, action: 'k3s-join' }), /report of another action/],
      ]
      for (const [name, content, words] of broken) {
        const { press, github } = await publish(door, lay(door, 'another-report.json', content), keeping(door))
        expect([name, press.exitCode, press.outputs['failure-code']]).toEqual([name, 1, 'inputs-invalid'])
        expect(press.stdout).toMatch(words)
        expect(press.outputs).toMatchObject({ verdict: 'error', 'failed-checks': '[]', 'issue-url': '' })
        expect(github).toEqual([])
      }
      // Inputs that ask a cluster say nothing here.
      const both = await publish(door, file, { mode: 'probe', kubeconfig: '/x', 'watch-workflow': 'nightly.yml' })
      expect(both.press.outputs['failure-code']).toBe('inputs-invalid')
      expect(both.press.stdout).toMatch(/watch-workflow: is given besides `from-report`/)
      expect(both.press.stdout).toMatch(/mode: .*with `from-report` no cluster is asked/)

      // GitHub refuses: publishing is all that this job is for.
      const refused = await publish(door, file, { issue: 'keep', 'github-token': jobToken(door, { issues: 'read' }) })
      expect(refused.press).toMatchObject({ exitCode: 0 })
      const forbidden = await publish(door, file, { issue: 'keep', 'github-token': jobToken(door, {}) })
      expect(forbidden.press).toMatchObject({
        exitCode: 1,
        outputs: { result: 'failed', 'failure-code': 'issues-forbidden', verdict: 'fail' },
      })
      expect(forbidden.press.stdout).toContain('permissions: { contents: read, issues: write }')
      expect(list(forbidden.press, 'failed-checks')).toEqual(list(verified, 'failed-checks'))
      expect(requestsOf(door).slice(before)).toEqual([])
    },
    limitMs,
  )
})

describe('a run that asks the cluster and keeps the issue itself', () => {
  it(
    'keeps its verdict when GitHub refuses',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { world } = door
      const inputs = { suites: 'api, nodes', issue: 'keep', 'github-token': jobToken(door, { contents: 'read' }) }
      await world.cluster.comeOver(new Set(['verify-node-not-ready']))
      const broken = (await counted(door, inputs)).press
      expect(broken).toMatchObject({
        exitCode: 1,
        outputs: { 'failure-code': 'checks-failed', verdict: 'fail', 'issue-url': '' },
      })
      expect(list(broken, 'failed-checks')).toContain('nodes.ready')
      expect(broken.stdout).toMatch(/^::warning title=the issue was not kept/m)
      // Of a cluster that is well it is the only failure, and said as what it is.
      await world.cluster.comeOver(new Set())
      const well = (await counted(door, inputs)).press
      expect(well).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'issues-forbidden', verdict: 'pass' } })
      expect(verificationOf(well).verdict).toBe('pass')
      expect(well.summary).toMatch(/^## ❌ /)
      world.github.issues.disable()
      const disabled = (await counted(door, { ...inputs, ...keeping(door) })).press
      expect(disabled.outputs).toMatchObject({ 'failure-code': 'issues-disabled', verdict: 'pass' })
      expect(world.github.issues.all).toEqual([])
    },
    limitMs,
  )
})

describe('a workflow that is watched', () => {
  it(
    'is well, silent, held up, switched off or gone; nothing but GitHub is asked',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { workflows, issues } = door.world.github
      const token = jobToken(door, { actions: 'read', issues: 'write' })
      const inputs = {
        ...alone,
        'cluster-file': 'clusters/oceanid.yaml',
        'watch-workflow': 'nightly.yml',
        'github-token': token,
        issue: 'keep',
      }
      const look = async (): Promise<Counted['press']> => (await counted(door, inputs, apiAt(door, 'refused'))).press
      workflows.setState('nightly.yml', 'active')
      const hour = 3_600_000
      workflows.add({ workflow: 'nightly.yml', createdMs: Date.now() - hour })
      const well = await look()
      expect(well).toMatchObject({
        exitCode: 0,
        stderr: '',
        outputs: { result: 'verified', verdict: 'pass', passed: '3' },
      })
      expect(Object.keys(well.outputs).sort()).toEqual(outputNames)

      workflows.setState('nightly.yml', 'disabled_inactivity')
      const off = await look()
      expect(off).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'checks-failed', verdict: 'fail' } })
      expect(list(off, 'failed-checks')).toContain('watch.enabled')
      expect(issues.all.map(({ state, title }) => [state, title])).toEqual([
        ['open', 'oceanid: nightly.yml does not run as it should'],
      ])
      workflows.setState('nightly.yml', 'active')
      expect((await look()).exitCode).toBe(0)
      expect(issues.all.map(({ state }) => state)).toEqual(['closed'])
      const unasked = (await counted(door, { ...inputs, 'github-token': jobToken(door, { issues: 'write' }) })).press
      expect(idsOfErrors(unasked)).not.toEqual([])
      expect(unasked).toMatchObject({ exitCode: 1, outputs: { verdict: 'error' } })
      expect(requestsOf(door)).toEqual([])
    },
    limitMs,
  )
})

function idsOfErrors({ report }: Counted['press']): readonly string[] {
  return (report?.checks ?? []).filter(({ verdict }) => verdict === 'error').map(({ id }) => id)
}
