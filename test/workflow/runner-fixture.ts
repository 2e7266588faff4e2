/** A small repository for the workflow runner: one workflow written in the test, the probe action, and whatever else the test adds. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from '@jest/globals'
import { type RecordedRun, repositoryRoot, runWorkflow, type WorkflowOptions } from '../../rehearsal/workflow/index.ts'

const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A folder that goes away after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'))
  made.push(folder)
  return folder
}

/** Writes the repository; a path without folder is a workflow file. */
export function repositoryWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  cpSync(join(repositoryRoot, 'test', 'fixtures', 'workflows'), folder, { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path.includes('/') ? path : join('.github', 'workflows', path))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
  return folder
}

export type RunOptions = Partial<WorkflowOptions> & { readonly files?: Readonly<Record<string, string>> }

/** Runs a workflow text as if its button had been pressed. */
export async function run(text: string, options: RunOptions = {}): Promise<RecordedRun> {
  const { files, ...rest } = options
  return await runWorkflow({
    workflow: '.github/workflows/test.yml',
    event: { name: 'workflow_dispatch' },
    repository: repositoryWith({ 'test.yml': text, ...files }),
    directory: join(temporaryFolder(), 'run'),
    ...rest,
  })
}

/** A workflow with one job of the given steps (YAML, indented by nothing). */
export function stepsOf(steps: string, job = ''): string {
  const indent = (block: string, by: string): string =>
    block
      .trim()
      .split('\n')
      .map((line) => (line === '' ? line : by + line))
      .join('\n')
  return `on: workflow_dispatch\njobs:\n  work:\n    runs-on: self-hosted\n${job === '' ? '' : `${indent(job, '    ')}\n`}    steps:\n${indent(steps, '      ')}\n`
}
