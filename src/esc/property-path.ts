import { type Complaint, printable, quote } from '../cluster-file/index.ts'
import type { EnvironmentReference, PropertyPath } from './model.ts'

const allowed = 'a property such as pulumiConfig["oceanid-cluster:kubeconfig"] or files.KUBECONFIG'
const longest = 1024
const largestIndex = 1_000_000

/** Written without quotes in the canonical form. */
const bareName = /^[A-Za-z_$][A-Za-z0-9_$]*$/
/** What an element without quotes may hold: Pulumi ends it at `.` and `[` only, so that `oceanid-cluster:kubeconfig` is one. */
const bareElement = /^[^.[\]"\s]+/

/**
 * A Pulumi property path: names after dots, `["quoted names"]` in which `\"` is the only escape, `[0]` for lists. As Pulumi reads it
 * (resource.ParsePropertyPath in pulumi/pulumi), but stricter where Pulumi guesses: empty names, and text right behind `]`.
 * Also a plain list of names as JSON: `["pulumiConfig", "oceanid-cluster:kubeconfig"]`.
 */
export function parsePropertyPath(text: string): PropertyPath | Complaint {
  const trimmed = text.trim()
  if (trimmed === '') return { problem: 'names no property', allowed }
  if (trimmed.length > longest) return { problem: `is longer than ${longest} characters`, allowed }
  const complaint = printable(trimmed)
  if (complaint) return complaint
  return listOfNames(trimmed) ?? elementsOf(trimmed)
}

function elementsOf(text: string): PropertyPath | Complaint {
  const path: (string | number)[] = []
  let rest = text
  while (rest !== '') {
    if (rest.startsWith('[')) {
      const element = bracketed(rest)
      if ('problem' in element) return element
      path.push(element.key)
      rest = rest.slice(element.length)
      continue
    }
    // A dot stands between elements; before the first there is none.
    if (path.length > 0 !== rest.startsWith('.')) return { problem: `cannot be read from ${quote(rest)} on`, allowed }
    const name = bareElement.exec(path.length > 0 ? rest.slice(1) : rest)?.[0]
    if (name === undefined) return { problem: `has no name at ${quote(rest)}`, allowed }
    path.push(name)
    rest = rest.slice(name.length + (path.length > 1 ? 1 : 0))
  }
  return path
}

/** `["name"]` or `[0]` at the beginning of a text. */
function bracketed(text: string): { readonly key: string | number; readonly length: number } | Complaint {
  const index = /^\[(\d+)\]/.exec(text)
  if (index) {
    const key = Number(index[1])
    return key <= largestIndex
      ? { key, length: index[0].length }
      : { problem: `has an index above ${largestIndex}`, allowed }
  }
  const quoted = /^\["((?:\\"|\\(?!")|[^"\\])+)"\]/.exec(text)
  if (quoted) return { key: (quoted[1] ?? '').replaceAll('\\"', '"'), length: quoted[0].length }
  return {
    problem: `has no name or index in closed brackets at ${quote(text)}`,
    allowed: `${allowed}; names in brackets stand in double quotes`,
  }
}

/** A JSON list of two or more names; with one name both readings are the same. */
function listOfNames(text: string): PropertyPath | undefined {
  if (!/^\[\s*"/.test(text)) return undefined
  try {
    const list: unknown = JSON.parse(text)
    const isPath =
      Array.isArray(list) &&
      list.length > 1 &&
      list.every((key) => typeof key === 'string' || (Number.isInteger(key) && key >= 0 && key <= largestIndex))
    return isPath ? (list as PropertyPath) : undefined
  } catch {
    return undefined
  }
}

/**
 * The canonical text of a path: `pulumiConfig["oceanid-cluster:kubeconfig"]`. A name that ends in a backslash cannot be quoted
 * (`\"` would not close it), so it stands bare where it can.
 */
export function formatPropertyPath(path: PropertyPath): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`
      const isBare = bareName.test(key) || (key.endsWith('\\') && bareElement.exec(key)?.[0] === key)
      if (isBare) return index === 0 ? key : `.${key}`
      return `["${key.replaceAll('"', '\\"')}"]`
    })
    .join('')
}

/**
 * Where a kubeconfig is looked for when nobody says where: as stack configuration of a program that is named like the environment or
 * like its project, then in Pulumi's own recipe (`files.KUBECONFIG` of its guide to Kubernetes), then as an environment variable.
 */
export function defaultProperties(reference: EnvironmentReference): readonly PropertyPath[] {
  const programs = [...new Set([reference.environment, reference.project])]
  return [
    ...programs.map((program) => ['pulumiConfig', `${program}:kubeconfig`]),
    ['files', 'KUBECONFIG'],
    ['environmentVariables', 'KUBECONFIG'],
  ]
}
