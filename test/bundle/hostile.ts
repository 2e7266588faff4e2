/** Hostile text, and what it must not do: judged as GitHub's runner and a reader of the summary would meet it. */
import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from '@jest/globals'
import { parse } from 'yaml'
import type { Press } from '../../rehearsal/press.ts'
import { parseCommand } from '../../rehearsal/workflow/commands.ts'
import { parseKeyValues } from '../../rehearsal/workflow/file-commands.ts'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { World } from '../../rehearsal/world.ts'
import type { Door } from './door.ts'

/** In every attack, so that a trace of one can be told from our own text. */
export const marker = 'evil'

/** What the runner would carry out at the start of a line, and the older form that it finds anywhere. */
const commands: readonly string[] = [
  `::set-output name=result::${marker}`,
  '::add-mask::calypso',
  `::stop-commands::${marker}-token`,
  `::error file=${marker}.ts,line=1::${marker}`,
  `::save-state name=token-id::${marker}`,
  `::set-env name=NODE_OPTIONS::${marker}`,
  `::add-path::/${marker}`,
  `::group::${marker}`,
  '##[add-mask]calypso',
  `##[error]${marker}`,
  `##[set-output name=result]${marker}`,
]

/** What hides a command from whoever looks for `::` at the start of a line. */
const disguises: readonly string[] = [' ', '\t', '\u200B', '\uFEFF', '\u001B[31m', '\u202E', '\u00AD', '\uFE0F']

const lineBreaks: readonly string[] = ['\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\u000B', '\u000C']

const terminal = `\u001B[2J\u001B[31m${marker}\u001B]0;${marker}\u0007\u001B]8;;https://${marker}.test\u001B\\${marker}\u001B]8;;\u001B\\\u009B31m\b\b\b`
const unicode = `\u202E${marker}\u202C \u2066${marker}\u2069 \u200B\uFEFF\u{E0041} ${marker}\uD800`
const markdown = `| ${marker} | b | </summary></details> <details open><summary>${marker}</summary> <img src=x onerror=${marker}> <!-- ${marker} [${marker}](https://${marker}.test) ![${marker}](https://${marker}.test/x.png) \`\`\` ~~~ @${marker} $$${marker}$$ %%{init: {"theme":"${marker}"}}%% \\| \\ https://${marker}.test www.${marker}.test <script>${marker}</script>`
const markdownLines = [
  '',
  `# ${marker}`,
  '---',
  '===',
  `- ${marker}`,
  `| ${marker} |`,
  '|---|',
  '```mermaid',
  `click ${marker} href "javascript:${marker}"`,
  '```',
  `> ${marker}`,
  `    ${marker}`,
]
const delimiters = [
  'EOF',
  'ghadelimiter_00000000-0000-0000-0000-000000000000',
  `result<<${marker}`,
  marker,
  `result=${marker}`,
]

/** Everything on one line, for places that cannot hold a line break. */
export const hostileLine = [marker, ...commands, terminal, unicode, markdown].join(' ')

/** Everything, over many lines of all kinds. */
export const hostileText = [
  marker,
  ...lineBreaks.map((lineBreak) => commands.join(lineBreak)),
  ...disguises.flatMap((disguise) => commands.map((command) => disguise + command)),
  terminal,
  unicode,
  markdown,
  ...markdownLines,
  ...delimiters,
  hostileLine,
].join('\n')

/** The same with bytes that are no text: NUL, broken UTF-8, lone surrogates in UTF-8. */
export const hostileBytes = Buffer.concat([
  Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf5, 0x0a]),
  Buffer.from(hostileText),
  Buffer.from([0x0a, 0x00, 0xe2, 0x80, 0x0a]),
])

const knownCommands = new Set(
  'add-mask add-matcher add-path debug echo endgroup error group internal-set-repo-path notice remove-matcher save-state set-env set-output stop-commands warning'.split(
    ' ',
  ),
)
/** Those that this project issues itself. */
const ownCommands = new Set(['add-mask', 'debug', 'endgroup', 'error', 'group', 'warning'])

/** What a runner would carry out, or nobody should see, in what a step printed. */
export function stdoutProblems(stdout: string): string[] {
  const problems: string[] = []
  // The runner's reader ends a line at a lone carriage return, too.
  for (const line of stdout.split(/\r\n|\n|\r/)) {
    const command = parseCommand(line, (name) => knownCommands.has(name))
    const shown = JSON.stringify(line.slice(0, 200))
    // What is to be masked may be anything, as long as nobody else chose it.
    if (command?.name === 'add-mask') {
      if (!line.startsWith('::add-mask::') || line.includes(marker) || command.data === 'calypso')
        problems.push(`a mask that we did not ask for: ${shown}`)
      continue
    }
    if (command !== undefined) {
      const isOurs = ownCommands.has(command.name) && line.startsWith(`::${command.name}`)
      const properties = Object.keys(command.properties).filter((name) => name !== 'title')
      if (!isOurs || properties.length > 0) problems.push(`a command that we did not issue: ${shown}`)
    }
    if (line.includes('##[')) problems.push(`the older form of a command: ${shown}`)
    if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(line)) problems.push(`a character that is not to be seen: ${shown}`)
    if (line.length > 20_000) problems.push(`an endless line of ${line.length} characters: ${shown}`)
  }
  return problems
}

/** Cells of a table's line; an escaped `|` is text. */
const cellsOf = (line: string): number => line.replaceAll(/\\[\s\S]/g, '').split('|').length

/** What is not as the renderers lay it out: one heading, whole tables, closed blocks, no HTML but folds and line breaks. */
export function summaryProblems(markdown: string): string[] {
  const problems: string[] = []
  let fence = ''
  let folds = 0
  let table = 0
  for (const [index, line] of markdown.split('\n').entries()) {
    const bad = (what: string): void =>
      void problems.push(`line ${index + 1}: ${what}: ${JSON.stringify(line.slice(0, 200))}`)
    if (/[\p{Cc}\p{Cs}\u2028\u2029]|(?!\u2060)\p{Cf}/u.test(line)) bad('a character that is not to be seen')
    const ticks = /^(`{3,})(text|mermaid)?$/.exec(line)
    if (fence !== '') {
      if (line === fence) fence = ''
      continue
    }
    if (ticks) {
      fence = ticks[1] ?? ''
      continue
    }
    if (
      /^\s{0,3}(#{1,6}(\s|$)|(=+|-+|_+|\*+)\s*$|[-+*>]\s|\d+[.)]\s|~~~|```)/.test(line) &&
      !(index === 0 && line.startsWith('## '))
    )
      bad('a block that is not ours')
    if (/^ {4}|^\t/.test(line)) bad('a block of code')
    const isRow = line.startsWith('|')
    if (isRow && table !== 0 && cellsOf(line) !== table) bad(`a row of ${cellsOf(line)} cells in a table of ${table}`)
    table = isRow ? cellsOf(line) : 0
    folds += line.split('<details>').length - line.split('</details>').length
    if (folds < 0 || folds > 1) bad('folds that do not close')
    const rest = line.replaceAll(/<\/?details>|<\/?summary>|<br>/g, '').replaceAll(/<https:\/\/[\w.~/#%?=&+-]+>/g, '')
    if (/<[a-z!?/]/i.test(rest)) bad('HTML')
    if (/https?:\/\/|www\./i.test(rest)) bad('an address that becomes a link')
    if (/(?<!\\)(!\[|\]\()/.test(rest)) bad('a link or an image')
    if (/(^|[^\w\\])@\w/.test(rest)) bad('a mention')
    if (/(?<!\\)`/.test(rest.replaceAll(/`[^`<>|\\]*`/g, ''))) bad('an open code span')
  }
  if (fence !== '') problems.push('a block of code that does not end')
  if (folds !== 0) problems.push('a fold that does not end')
  return problems
}

const stateNames = new Set(['token-id', 'kubeconfig', 'context'])

function outputNames(action: Door['action']): ReadonlySet<string> {
  const file = join(repositoryRoot, 'actions', action, 'action.yml')
  const { outputs } = parse(readFileSync(file, 'utf8')) as { outputs: object }
  return new Set(Object.keys(outputs))
}

/** Everything that a press with hostile text around it did wrong; its report was held against the schema already. */
export function problemsOf(press: Press, folder: string, action: Door['action'] = 'k3s-join'): readonly string[] {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const outputs = outputNames(action)
  const names = parseKeyValues(read('output')).map(([name]) => name)
  return [
    ...stdoutProblems(press.stdout),
    ...names.filter((name) => !outputs.has(name)).map((name) => `an output that is not ours: ${name}`),
    ...parseKeyValues(read('state'))
      .filter(([name, value]) => !stateNames.has(name) || value.includes(marker))
      .map(([name]) => `a state that is not ours: ${name}`),
    ...(read('env') === '' ? [] : ['a variable for later steps']),
    ...(read('path') === '' ? [] : ['a folder on the PATH of later steps']),
    ...summaryProblems(press.summary).map((problem) => `summary, ${problem}`),
  ]
}

/** The press that was started last ended as it would without hostile text, and did nothing that was not ours. */
export function expectHarmless(
  door: Door,
  press: Press,
  outcome: { readonly exitCode: number; readonly result: string; readonly code?: string },
): void {
  const { result, 'failure-code': code } = press.outputs
  expect({ exitCode: press.exitCode, result, code, stderr: press.stderr }).toEqual({ code: '', stderr: '', ...outcome })
  expect(problemsOf(press, door.lastPress(), door.action)).toEqual([])
}

const programsOf = (world: Pick<World, 'calypso'>): string => join(dirname(world.calypso.root), 'bin')

/** Puts shell text before a program of calypso: it runs first, `real` in it is the program itself. */
export function precede(world: Pick<World, 'calypso'>, name: string, shell: string): void {
  const path = join(programsOf(world), name)
  const real = join(programsOf(world), `.${name}-itself`)
  // A borrowed program is a link, and some look at the name that they are called by.
  if (existsSync(real)) throw new Error(`something precedes ${name} already`)
  const target = realpathSync(path)
  if (target === path) renameSync(path, real)
  else {
    unlinkSync(path)
    symlinkSync(target, real)
  }
  const call = target === path ? `"${real}"` : `"${target}"`
  writeFileSync(path, `#!/bin/sh\nreal() { ${call} "$@"; }\n${shell}\nexec ${call} "$@"\n`)
  chmodSync(path, 0o755)
}

/** Makes a program of calypso say this, on standard output or standard error, before it does what it does. */
export function says(world: Pick<World, 'calypso'>, name: string, text: string | Buffer, stream: 1 | 2 = 1): void {
  const file = join(programsOf(world), `.${name}-says`)
  writeFileSync(file, text)
  precede(world, name, `/bin/cat '${file}' >&${stream}`)
}
