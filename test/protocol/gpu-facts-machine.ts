import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { surveyGpuScript } from '../../src/gpu/survey.ts'
import { parseFacts, type ScriptLine, surveyScript } from '../../src/host/index.ts'
import { renderProgram } from '../../src/host/render.ts'
import { surveyFragment } from '../../src/k3s/survey.ts'
import type { Machine } from './host-sshd.ts'

const fixtures = join(import.meta.dirname, '../../../test/fixtures/nvidia-smi')

/** `query-gpu` … → what is printed and the exit code. */
export function recorded(name: string): ReadonlyMap<string, { readonly code: number; readonly text: string }> {
  const parts = readFileSync(join(fixtures, `${name}.txt`), 'utf8').split(/^=== (\S+) (\d+)\n/m)
  const sections = new Map<string, { code: number; text: string }>()
  for (let at = 1; at + 2 < parts.length; at += 3) {
    sections.set(parts[at]!, { code: Number(parts[at + 1]), text: parts[at + 2]! })
  }
  return sections
}

/** A program that answers like the recorded nvidia-smi, and notes what it was asked. */
export function smiProgram(name: string, notes: string): string {
  const branch = (key: string, pattern: string): string => {
    const { code = 0, text = '' } = recorded(name).get(key) ?? {}
    return `${pattern}) cat <<'RECORDED'\n${text}RECORDED\nexit ${code} ;;\n`
  }
  return `#!/bin/sh
printf 'nvidia-smi %s\\n' "$*" >>${notes}
case "$*" in
${branch('query-gpu', '--query-gpu=*compute_cap*')}${branch('query-gpu-old', '--query-gpu=*')}${branch('compute-apps', '--query-compute-apps=*')}${branch('list', '-L')}${branch('overview', "''")}esac
`
}

/** Every shell that a host may have, as the command that runs a script in it. */
export const shells = [['dash'], ['bash', '--norc'], ['busybox', 'sh']].filter(
  ([program]) => spawnSync(program!, ['-c', ':']).error === undefined,
)

export function surveyOf(
  machine: Machine,
  shell: readonly string[],
  options: { readonly main?: string; readonly timeoutMs?: number; readonly env?: Record<string, string> } = {},
) {
  const script = [surveyScript, surveyFragment, surveyGpuScript, options.main ?? ''].join('\n')
  const ended = spawnSync(shell[0]!, [...shell.slice(1), '-c', renderProgram(script, {}, {}, { type: 'none' })], {
    env: { PATH: machine.path, REHEARSAL: '1', ROOT: join(machine.folder, 'root'), ...options.env },
    encoding: 'utf8',
    timeout: options.timeoutMs ?? 30_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  const lines = ended.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as ScriptLine)
  return { status: ended.status, stderr: ended.stderr, stdout: ended.stdout, facts: parseFacts(lines, 0) }
}
