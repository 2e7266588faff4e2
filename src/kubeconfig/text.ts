import { flatten, invalid, refused } from './errors.ts'

/** A kubeconfig has a few kilobytes; etcd takes no object larger than this either. */
export const largestBytes = 1024 * 1024

/**
 * Characters at which programs part: line ends of YAML 1.1 that are none in 1.2 (a lone CR, NEL, LS, PS) would let a comment of one
 * parser hold a key of the other; the others no YAML text may contain (YAML 1.2.2, 5.1).
 */
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]|\r(?!\n)/

/** Counted from 1. */
export function lineOf(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** Throws unless the text is short, and consists of characters that all programs read alike. */
export function checkText(text: string): void {
  // UTF-8 has never fewer bytes than a string has units.
  if (text.length > largestBytes || Buffer.byteLength(text) > largestBytes) {
    throw invalid(
      'the kubeconfig is larger than 1 MiB',
      'no kubeconfig is',
      'store one context alone: kubectl config view --raw --flatten --minify',
    )
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    throw invalid('the kubeconfig is not a text', 'it holds binary data, or another encoding than UTF-8', flatten)
  }
  const found = forbidden.exec(text)
  if (found === null) return
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw refused(
    `it holds the invisible character U+${code} in line ${lineOf(text, found.index)}`,
    'programs differ in whether a line ends there, so they would read different kubeconfigs',
    'remove it; kubectl config view --raw --flatten --minify writes none',
  )
}
