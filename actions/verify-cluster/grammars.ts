import { checkPattern, type Grammar, nearest, nodeName, versionOf, withNearest } from '../../src/cluster-file/index.ts'

/** One of some words. */
export function oneOf(choices: readonly string[], what: string): Grammar {
  return (text) =>
    choices.includes(text)
      ? undefined
      : { problem: `is no ${what}`, allowed: choices.join(', '), ...withNearest(nearest(text, choices)) }
}

/** Whatever a server of k3s or of kubeadm says of itself: which of them there is, the cluster tells. */
export const anyVersion: Grammar = (text) =>
  versionOf('kubeadm')(text) === undefined ? undefined : versionOf('k3s')(text)

const policies = ['fail', 'warn', 'never'] as const
export type FailOnWord = (typeof policies)[number]

const policy = oneOf(policies, 'verdict that a run can fail on')

/** `fail`, or `triton.latency.*=never`. */
export const failOnRule: Grammar = (text) => {
  const [pattern = '', word] = text.split('=')
  return word === undefined ? policy(text) : (checkPattern(pattern) ?? policy(word))
}

/** `calypso=1` */
export const expectedGpus: Grammar = (text) => {
  const [, name = '', number = ''] = /^([^=]*)=(\d{1,3})$/.exec(text) ?? []
  if (number === '' || Number(number) > 256)
    return { problem: 'has the wrong form', allowed: 'node=number, e.g. calypso=1' }
  return nodeName(name)
}

/** File name of a workflow in `.github/workflows`. */
export const workflowFile: Grammar = (text) =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\.ya?ml$/.test(text)
    ? undefined
    : { problem: 'is no file name of a workflow', allowed: 'the name of a file in .github/workflows, e.g. nightly.yml' }

/** RFC 9110: a token, a colon, and a value without control characters. */
const header = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*([\x20-\x7e]{0,2000})$/
/** Headers that the client itself makes, or that would say whose request it is. */
const ofTheClient =
  /^(host|connection|content-length|content-type|transfer-encoding|inference-header-content-length|upgrade|te|trailer|cf-access-.*)$/i

/**
 * What of such lines is secret by itself, whether they are headers or not: the value, and its words, because whoever repeats a header may
 * leave out its name, or `Bearer`.
 */
export function headerSecrets(text: string): readonly string[] {
  return text.split(/[\r\n]+/).flatMap((line) => {
    const value = line.replace(/^[^:]*:/, '').trim()
    if (value === '') return []
    return [value, ...value.split(/\s+/).filter((word) => word.length >= 8)]
  })
}

/** `Name: value` → both; undefined when it is none, or one that the client makes itself. */
export function headerLine(text: string): readonly [string, string] | undefined {
  const [, name = '', value = ''] = header.exec(text.trim()) ?? []
  return name === '' || ofTheClient.test(name) ? undefined : [name.toLowerCase(), value.trim()]
}
