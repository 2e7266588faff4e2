import { describe, expect, it } from '@jest/globals'
import { type Report, renderJunit, renderPrometheus, renderSummary, type Verification } from '../../src/report/index.ts'
import { label } from '../../src/report/mermaid.ts'
import { renderTopology } from '../../src/report/topology.ts'
import { renderLatencyChart } from '../../src/report/trend.ts'
import { operator, report, slow, topology, verification } from './verified-report.ts'
import { check, night, reportOf, run, seen } from './verify-runs.ts'

const evil =
  'x"]; end\n```\nclick n0 "javascript:1" %%{init}%% #quot; <b>`y`</b> ]]> \u0000\uFFFF\u202E | @owner ::error::z'

describe('hostile texts', () => {
  const hostile: Report = {
    ...report,
    cluster: evil,
    headline: evil,
    checks: [
      { id: 'a.b', verdict: 'fail', question: evil, found: evil, cause: evil, remedy: evil, evidence: [evil] },
      { ...slow, found: evil, verdict: 'error' },
      { ...slow, id: 'c.d', verdict: 'skip', found: evil },
    ],
    stages: [{ title: evil, startedMs: 0, endedMs: 1 }],
    verification: {
      ...verification,
      nodes: [evil],
      metrics: { [`m_ms.${evil}`]: 4, nan: Number.NaN, [`${evil}_ms`]: Number.POSITIVE_INFINITY },
      history: [seen(1, {}, { [`x_p95_ms.${evil}`]: 4 }), seen(2, {}, { [`x_p95_ms.${evil}`]: 5 })],
      topology: {
        tunnel: evil,
        server: evil,
        nodes: Array.from({ length: 1000 }, (_, index) => ({
          name: `${evil}${index}`,
          isServer: false,
          verdict: index === 999 ? ('fail' as const) : ('pass' as const),
          words: [evil],
        })),
        paths: [
          { ...(topology.paths[0] as (typeof topology.paths)[0]), host: evil, model: evil, node: evil, words: [evil] },
        ],
      },
    },
  }

  it('cannot leave a Mermaid label, a cell or a fence, and a thousand nodes are still a picture', () => {
    const picture = renderTopology(hostile.verification?.topology as Verification['topology'])
    const lines = picture.split('\n')
    expect(lines.filter((line) => line.startsWith('```'))).toEqual(['```mermaid', '```'])
    for (const line of lines.slice(1, -1))
      expect(line).toMatch(
        /^(flowchart LR| {2}(classDef [\w #:,-]+|\w+ (-->|---|-\.->) ?(\|tunnel\| )?\w+( (-->|-->\|tunnel\|) \w+)?|\w+(\["[^"`#%;]*"\]|\(\["\w+"\]\))(:::\w+)?))$/u,
      )
    expect(lines[6]).toContain('❌')
    expect(picture).toContain('976 more, none worse')
    expect(lines.length).toBeLessThan(80)
    expect(
      renderLatencyChart(hostile.verification?.history ?? [])
        .match(/"[^"]*"/g)
        ?.join(),
    ).not.toMatch(/[`#%;[\]]/)
    expect(['', '- a', '1. a', '``', '\u202E'].map((text) => label(text))).toEqual([
      'unnamed',
      'a',
      '1 a',
      'unnamed',
      'unnamed',
    ])
    const summary = renderSummary(hostile)
    expect(summary).not.toMatch(/@owner|<b>|^\s*::|\u202E|\u0000/m)
    expect(summary.match(/^```/gm)?.length).toBe(4)
  })

  it('stay attributes and text in JUnit', async () => {
    const xml = await renderJunit(hostile)
    expect(xml).not.toMatch(/[\u0000\uFFFF\u202E]|^\s*::/m)
    expect(xml.match(/<testcase /g)).toHaveLength(3)
    expect(xml.match(/<(failure|error|skipped)[ />]/g)).toHaveLength(3)
    // Nothing of the text ends its section: what is left without sections, tags and attributes is blank.
    const outside = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').replace(/<[\w/?](?:[^"<]|"[^"<]*")*?>/g, '')
    expect(outside.trim()).toBe('')
  })

  it('stay values of labels in Prometheus', async () => {
    const text = await renderPrometheus(hostile)
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(
        /^($|# (HELP|TYPE) k3s_gpu_actions_\w+ .*|k3s_gpu_actions_\w+\{(\w+="([^"\\]|\\["\\n])*",?)+\} -?[\d.e+]+)$/u,
      )
  })
})

describe('JUnit', () => {
  it('has a suite for each group of checks, with its time; fails what fails the run; gives reasons', async () => {
    const strict = { ...report, verification: { ...verification, failing: [slow.id, operator.id] } }
    const xml = await renderJunit({
      ...strict,
      checks: [...strict.checks, check('network.dns=error no answer in 5 s'), check('gpu-job.compute.calypso=pass')],
    })
    expect(xml).toContain('<testsuites name="verify-cluster oceanid" tests="7" failures="2" errors="1" skipped="1">')
    expect(xml).toMatch(
      /<testsuite name="triton" timestamp="2026-11-19T03:12:00.000Z" time="2.5" tests="1" failures="1" errors="0" skipped="0">/,
    )
    expect(xml).toMatch(/<testsuite name="gpu" [^>]* time="0.25"/)
    expect(xml).toMatch(/<testsuite name="gpu-job" [^>]* time="0.75"/)
    expect(xml).toContain('<failure message="ImagePullBackOff for 12 days" type="warn">')
    expect(xml).toContain('<error message="no answer in 5 s" type="error">')
    expect(xml).toContain('skipped: no two GPU nodes')
    expect(xml).toContain('do: restart Triton on calypso')
    // A second report has nothing of the first.
    expect(await renderJunit({ ...report, checks: [] })).not.toContain('testcase')
  })
})

describe('Prometheus text', () => {
  it('has verdicts, counts, durations and what was measured', async () => {
    const lines = (await renderPrometheus(report)).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    for (const line of [
      'check{id="triton.gpu.distilbert-base-uncased",verdict="fail",cluster="oceanid"} 1',
      'checks{verdict="pass",cluster="oceanid"} 2',
      'run_duration_seconds{cluster="oceanid"} 41',
      `run_timestamp_seconds{cluster="oceanid"} ${Date.parse(night(19)) / 1000 + 41}`,
      'stage_duration_seconds{stage="Triton",cluster="oceanid"} 2.5',
      // Not this run: it fails. The night before did not.
      `last_success_timestamp_seconds{cluster="oceanid"} ${Date.parse(night(18)) / 1000}`,
      'gpu_verdict{verdict="cpu-fallback",cluster="oceanid"} 1',
      'measured_triton_p95_ms{subject="distilbert-base-uncased",cluster="oceanid"} 212.04',
    ])
      expect(lines).toContain(`k3s_gpu_actions_${line}`)
    const failed = await renderPrometheus(reportOf(run(1, ['a.x=fail'])))
    expect(failed).not.toContain('last_success')
    expect(await renderPrometheus(reportOf(run(1, ['a.x=warn'])))).toContain(
      `last_success_timestamp_seconds{cluster="oceanid"} ${Date.parse(night(1)) / 1000 + 41}`,
    )
  })
})
