/** Hostile issues, and a hostile report to publish, through the bundle of verify-cluster. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Report } from '../../src/report/index.ts'
import { doors } from './door.ts'
import { expectHarmless, marker, summaryProblems } from './hostile.ts'
import { counted, jobToken, keeping, lay, verificationOf } from './verify-cluster-door.ts'
import { expectSound, line, mermaidProblems, text } from './verify-cluster-hostile.ts'

const opened = doors()
const limitMs = 300_000

describe('GitHub', () => {
  it(
    'issues that strangers and other programs wrote, with our marker in them',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { issues, troubles } = door.world.github
      const labels = ['k3s-gpu-actions']
      const inputs = { suites: 'nodes', issue: 'keep', 'github-token': jobToken(door, { issues: 'write' }) }
      await door.world.cluster.comeOver(new Set(['verify-node-not-ready']))
      const marked = '<!-- k3s-gpu-actions/verify-cluster cluster=oceanid -->'
      issues.add({ title: line, labels, body: text })
      issues.add({
        title: 'somebody’s',
        labels,
        login: 'stranger',
        body: `${marked}\n<!-- state {"alarms":["nodes.ready"],"at":"2099-01-01T00:00:00Z","digest":""} -->\n`,
      })
      issues.add({ title: 'quoted', labels, body: `> ${marked}\n${text}` })
      issues.add({ title: 'of another cluster', labels, body: `${marked.replace('oceanid', 'elsewhere')}\n` })
      issues.add({ title: 'a pull request', labels, isPullRequest: true, body: `${marked}\n` })
      const others = issues.all.map((issue) => structuredClone(issue))
      const { press } = await counted(door, inputs)
      expectHarmless(door, press, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(issues.all.slice(0, others.length)).toEqual(others)
      expect(issues.all.slice(others.length).map(({ state, body }) => [state, body.startsWith(`${marked}\n`)])).toEqual(
        [['open', true]],
      )
      expect(press.outputs['issue-url']).toMatch(new RegExp(`/issues/${others.length + 1}$`))

      // Somebody spoils what ours remembers: it is put right, and still one.
      const own = issues.all.at(-1)
      if (own === undefined) throw new Error('there is no issue')
      for (const state of [
        `<!-- state {"alarms":${JSON.stringify([text])},"at":"never"} -->`,
        '<!-- state [] -->',
        text,
      ]) {
        ;(own as { body: string }).body = `${marked}\n${state}\n${text}`
        const again = (await counted(door, inputs)).press
        expectSound(door, again, { exitCode: 1, result: 'failed', code: 'checks-failed' })
        expect(own.body).not.toContain(marker)
        expect(issues.all.length).toBe(others.length + 1)
      }
      troubles.trouble(/^GET .*\/issues/, 'not-json', { times: 20 })
      const odd = (await counted(door, inputs)).press
      expectHarmless(door, odd, { exitCode: 1, result: 'failed', code: 'checks-failed' })
      expect(issues.all.length).toBe(others.length + 1)
    },
    limitMs,
  )

  it(
    'a report to publish whose every text is hostile',
    async () => {
      const door = await opened({ action: 'verify-cluster' })
      const { press } = await counted(door, { suites: 'nodes, triton' })
      const report = JSON.parse(readFileSync(press.outputs.report ?? '', 'utf8')) as Report
      const own = /^(schema|action|result|verdict|mode|at|startedAt|guard|gpuVerdict|kind|node|server|tunnel)$/
      const evil = (value: unknown, key = ''): unknown => {
        if (typeof value === 'string') return own.test(key) ? value : `${text}${value}`
        if (Array.isArray(value)) return value.map((one) => evil(one, key))
        if (typeof value !== 'object' || value === null) return value
        return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, evil(one, name)]))
      }
      const forged = {
        ...report,
        headline: text,
        next: text,
        cluster: line,
        checks: (evil(report.checks) as Report['checks']).map((check, index) => ({
          ...check,
          id: report.checks[index]?.id ?? '',
          verdict: 'fail' as const,
          cause: text,
          remedy: text,
          evidence: [text],
        })),
        facts: { [line]: text },
        provenance: [{ name: line, value: text, source: text }],
        stages: report.stages.map((stage) => ({ ...stage, title: text })),
        outputs: { ...report.outputs, [marker]: text },
        verification: {
          ...verificationOf(press),
          issueUrl: `https://evil.test/x> <b>${marker}</b>`,
          failing: ['nodes.ready'],
          alarms: ['nodes.ready'],
          topology: evil(verificationOf(press).topology),
        },
      }
      const file = lay(door, 'hostile-report.json', JSON.stringify(forged))
      const alone = { 'cluster-file': '', 'access-client-id': '', 'access-client-secret': '', 'from-report': file }
      const published = (await counted(door, { ...alone, ...keeping(door) })).press
      expectHarmless(door, published, { exitCode: 0, result: 'published' })
      expect(mermaidProblems(published.summary)).toEqual([])
      const [issue] = door.world.github.issues.all
      expect(summaryProblems(issue?.body.split('\n').slice(2).join('\n').replaceAll(/^- /gm, '') ?? '')).toEqual([])
      expect(issue?.title).not.toMatch(/[\n\r\u001B]/)
    },
    limitMs,
  )
})
