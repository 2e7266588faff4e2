/** docs/troubleshooting.md: the catalogue of src/diagnosis as a page in which a message can be searched for. */
import { codeOfCheck } from '../actions/failure.ts'
import { catalogue, type Row, type StateCondition } from '../src/diagnosis/index.ts'
import { joinCheckRegistry } from '../src/join/checks/registry.ts'
import { k3sCheckRegistry } from '../src/k3s/checks/registry.ts'
import { kubeconfigCheckRegistry } from '../src/kubeconfig/index.ts'
import { prerequisiteCheckRegistry } from '../src/prerequisites/checks/registry.ts'
import { codesOfStops } from './codes-of-stops.ts'

export const troubleshootingPath = 'docs/troubleshooting.md'

/** What is filled in from the message, or known to the run only. */
const filledIn = (text: string): string =>
  text
    .replaceAll('systemctl status {unit}', 'systemctl status k3s-agent')
    .replaceAll(/\{unit\}/g, 'k3s-agent')
    .replaceAll(/\{([a-z]+)\}/gi, '‹$1›')

/** Plain words into Markdown: nothing in them is markup. */
export const escaped = (text: string): string => text.replaceAll(/[\\`*_[\]<>|~&]/g, (sign) => `\\${sign}`)

/** A fence that no line of the block can end. */
export function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}text`, ...lines, fence]
}

const sentence = (text: string): string => escaped(filledIn(text))

function conditionOf({ nodeExists, nodeReady, unitActive, restartsAtLeast }: StateCondition): string {
  const parts = [
    nodeExists === true && nodeReady === undefined && 'the Node exists',
    nodeExists === false && 'there is no Node of this name',
    nodeReady === true && 'the Node is Ready',
    nodeReady === false && 'the Node is not Ready',
    unitActive === true && 'the unit is active',
    unitActive === false && 'the unit is not active',
    restartsAtLeast !== undefined && 'the unit was restarted',
  ]
  return parts.filter((part) => part !== false).join(', ')
}

const bases = {
  observed: 'observed on real parts',
  reported: 'reported by others, in these words',
  invented: 'our reasoning; nobody was seen with it yet',
} as const

function entry(row: Row): string[] {
  const strength = {
    cause: row.also ? 'All of these lines together say why:' : 'Any such line says why:',
    symptom: 'Told when no line names a cause:',
    state: 'Told when no line says anything:',
  }[row.strength]
  const when = row.when ? ` Only while ${conditionOf(row.when)}.` : ''
  return [
    `**… ${sentence(row.title)}**`,
    '',
    `${strength}${row.recorded.length === 0 ? ` ${conditionOf(row.when ?? {})}.` : when}`,
    '',
    ...(row.recorded.length > 0 ? [...fenced(row.recorded), ''] : []),
    `- What it means: ${sentence(row.cause)}.`,
    `- What to do: ${sentence(row.remedy)}.`,
    ...(row.link ? [`- More: <${row.link}>`] : []),
    `- Basis: ${bases[row.provenance]} (${escaped(row.seen)}).`,
    '',
  ]
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

function checkTable(): string[] {
  const meanings = new Map<string, string[]>()
  for (const { id, asks } of [
    ...joinCheckRegistry,
    ...k3sCheckRegistry,
    ...prerequisiteCheckRegistry,
    ...kubeconfigCheckRegistry,
  ]) {
    const code = codeOfCheck(id.replace(/\.<[^>]*>/g, ''))
    meanings.set(code, [...(meanings.get(code) ?? []), `| \`${code}\` | \`${id}\` | ${cell(asks)} |`])
  }
  const rows = [...meanings].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, lines]) => lines)
  return ['| code | check | what it asks |', '|---|---|---|', ...rows]
}

function stopTable(): string[] {
  const rows = Object.entries(codesOfStops).map(([code, meaning]) => `| \`${code}\` | ${cell(meaning)} |`)
  return ['| code | what stopped the run |', '|---|---|', ...rows]
}

/** The whole page. */
export function troubleshooting(): string {
  const codes = [...new Set(catalogue.map((row) => row.code))].sort()
  const lines = [
    '<!-- Written by npm run docs from src/diagnosis/, the registries of checks and scripts/codes-of-stops.ts: edits here are lost. -->',
    '',
    '# Troubleshooting',
    '',
    'Search this page for the message that you have, or for the code that a run ended with (output `failure-code`, and the last line of its summary).',
    'The messages stand as they were written; numbers, names and addresses in them are those of the machine they come from. ‹words› are filled in from the message.',
    '',
    '## Codes',
    '',
    `Explanations of a node that did not join: ${codes.map((code) => `[\`${code}\`](#${code})`).join(', ')}.`,
    '',
    '[Codes of checks](#codes-of-checks) stop a run before anything was changed; [other codes](#other-codes) are about inputs, connections, the API and downloads.',
    '',
    ...codes.flatMap((code) => [`## ${code}`, '', ...catalogue.filter((row) => row.code === code).flatMap(entry)]),
    '## Codes of checks',
    '',
    'What to do when the answer is no stands in [checks.md](checks.md), and for the host at hand in the summary of the run.',
    '',
    ...checkTable(),
    '',
    '## Other codes',
    '',
    ...stopTable(),
  ]
  return `${lines.join('\n')}\n`
}
