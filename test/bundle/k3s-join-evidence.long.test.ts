/** What a failing start leaves for whoever has to understand it: through the committed bundle. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors, type Press } from './door.ts'

const opened = doors()
const template = 'var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl'
const files = [
  'containerd.log',
  'df.txt',
  'files.txt',
  'journal.txt',
  'kernel.txt',
  'mounts.txt',
  'node.txt',
  'routes.txt',
  'sockets.txt',
  'unit-status.txt',
]

function lay({ world }: Door, text: string): void {
  const file = join(world.calypso.root, template)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function annotationsOf(run: Press): readonly string[] {
  return run.stdout.split('\n').filter((line) => /^::(?:error|warning|notice)/.test(line))
}

describe('a containerd template that loses the pod network', () => {
  it('is named by what only containerd’s log says, as soon as the node could be Ready; the rest is in the evidence', async () => {
    const opening = await opened()
    lay(opening, '[plugins.cri.containerd.runtimes.nvidia]\n  runtime_type = "io.containerd.runc.v2"\n')
    const before = opening.trees()
    const run = await opening.press()
    // Also the folders that containerd makes where its template names none.
    expect(opening.trees()).toEqual(before)
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'containerd-template-harmful' } })
    const { failure } = run.report!
    expect(failure?.evidence[0]).toMatch(/^containerd\.log: .*key="containerd runtimes nvidia"/)
    // Counted from when the agent was up, and not the 15 s after which any node counts as lost.
    const [, named] = /named (\d+\.\d) s after it/.exec(failure?.evidence.at(-1) ?? '') ?? []
    const upMs = run.report?.milestones.find(({ text }) => text === 'agent up')?.atMs ?? 0
    expect(Number(named) * 1000 - upMs).toBeLessThan(14_000)

    const folder = run.outputs.evidence ?? ''
    expect(failure?.state).toMatch(/^undone: .*\. Evidence bundle: \//)
    expect(failure?.state.endsWith(folder)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(files)
    expect(run.report?.evidence?.map(({ name }) => name).sort()).toEqual(files)
    // Collected before anything was undone.
    expect(readFileSync(join(folder, 'unit-status.txt'), 'utf8')).toContain('ActiveState=active')
    expect(readFileSync(join(folder, 'node.txt'), 'utf8')).toContain('condition Ready=False')
    expect(readFileSync(join(folder, 'journal.txt'), 'utf8')).toContain('containerd is now running')
    for (const name of files) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
      const text = readFileSync(join(folder, name), 'utf8')
      expect(opening.secrets().filter((secret) => text.includes(secret))).toEqual([])
    }
    expect(opening.secrets().filter((secret) => run.summary.includes(secret))).toEqual([])

    expect(run.summary).toContain('<details><summary>Evidence: 10 files</summary>')
    expect(run.summary).toMatch(/ Start k3s-agent and wait for Ready :crit, /)
    expect(run.summary).toMatch(/ undone start :milestone, /)
    expect(annotationsOf(run)).toHaveLength(1)
    expect(annotationsOf(run)[0]).toMatch(/^::error /)
  })
})

describe('a containerd template that is no TOML', () => {
  it('is named when containerd ends, not when it has been restarted', async () => {
    const opening = await opened()
    lay(opening, '[plugins.cri\n')
    const run = await opening.press()
    expect(run).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'containerd-config-invalid' } })
    expect(run.report?.failure?.evidence.at(-1)).toMatch(/, 0 restarts/)
    expect(readFileSync(join(run.outputs.evidence ?? '', 'containerd.log'), 'utf8')).toContain(
      'failed to unmarshal TOML',
    )
  })
})

describe('a run that leaves no evidence', () => {
  it('says so with an empty output, and takes away what a run before it left', async () => {
    const { press, start } = await opened()
    const run = start()
    await run.seen(/▸ Start k3s-agent/)
    run.child.kill('SIGINT')
    const cancelled = await run.ended
    expect(cancelled).toMatchObject({ outputs: { 'failure-code': 'cancelled', evidence: '' } })
    expect(cancelled.stdout).not.toContain('Collect evidence')
    expect(existsSync(join(dirname(cancelled.outputs.report ?? ''), 'evidence'))).toBe(false)
    expect(cancelled.report?.failure?.state).not.toContain('Evidence bundle')
    const joined = await press()
    expect(joined).toMatchObject({ exitCode: 0, outputs: { result: 'joined', evidence: '' } })
    expect(annotationsOf(joined)).toEqual([])
  })
})
