import type { Complaint } from '../cluster-file/index.ts'
import { isObject } from './answers.ts'
import type { EscValue } from './model.ts'
import { typeOf } from './value.ts'

export interface KubeconfigText {
  readonly text: string
  readonly shape: 'text' | 'base64' | 'object'
}

const allowed = 'the text of a kubeconfig, as a secret string'

/**
 * The text of a kubeconfig from any of the shapes in which it is stored: text, byte for byte; text in base64 (a mapping always holds a
 * colon, and base64 never does); a mapping, as somebody stores it without --string, which comes back as JSON. Judges no content and
 * quotes none.
 */
export function kubeconfigText({ value }: EscValue): KubeconfigText | Complaint {
  if (isObject(value)) return textOfObject(value)
  if (typeof value !== 'string') return { problem: `is of type ${typeOf(value)}`, allowed }
  const trimmed = value.trim()
  if (trimmed === '') return { problem: 'is empty', allowed }
  // What the CLI prints in place of a secret: somebody stored its output.
  if (/^\[(secret|unknown)\]$/.test(trimmed))
    return { problem: `is the word ${trimmed}, not what it stands for`, allowed }
  if (/^-----BEGIN /.test(trimmed)) return { problem: 'is a key or certificate, not a kubeconfig', allowed }
  if (/^\$\(|^`|^\$\{/.test(trimmed)) return { problem: 'is a shell’s expression that no shell has replaced', allowed }
  const decoded = decodeBase64(trimmed)
  if (decoded !== undefined) return { text: decoded, shape: 'base64' }
  if (!trimmed.includes(':')) {
    const isPath = /^(~|\.{1,2})?\/[\w.~/ -]+$/.test(trimmed)
    return { problem: isPath ? 'is the path of a file, not its content' : 'is no kubeconfig: it has no key', allowed }
  }
  return { text: value, shape: 'text' }
}

/** Text behind base64, in either alphabet, with or without line breaks; undefined when it is none. */
function decodeBase64(text: string): string | undefined {
  const packed = text.replace(/\s+/g, '')
  if (packed.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed) || packed.replace(/=+$/, '').length % 4 === 1)
    return undefined
  const bytes = Buffer.from(packed, 'base64')
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return decoded.includes(':') && !decoded.includes('\0') ? decoded : undefined
  } catch {
    return undefined
  }
}

function textOfObject(value: Readonly<Record<string, unknown>>): KubeconfigText | Complaint {
  if (Object.keys(value).length === 0) return { problem: 'is an empty object', allowed }
  if (!Object.hasOwn(value, 'clusters') && !Object.hasOwn(value, 'apiVersion'))
    return { problem: 'is an object, but no kubeconfig: it has neither apiVersion nor clusters', allowed }
  // JSON is YAML but for a few invisible characters, which YAML wants escaped.
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return { text: `${text}\n`, shape: 'object' }
}
